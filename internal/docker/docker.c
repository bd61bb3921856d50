#include "docker/docker.h"

#include "base/cleanup.h"
#include "docker/http.h"

#include <errno.h>
#include <string.h>

/* A daemon whose disk or memory is under pressure takes seconds to make a container. */
#define QUERY_MS 10000
#define CHANGE_MS 60000

static int open_curl(struct docker *docker)
{
	static const char *const headers[] = {"Expect:", "Content-Type: application/json"};

	docker->easy = curl_easy_init();
	if (docker->easy == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct curl_slist *longer = curl_slist_append(docker->headers, headers[i]);

		if (longer == NULL)
			return -ENOMEM;
		docker->headers = longer;
	}
	return 0;
}

struct docker *docker_open(const char *socket_path, struct err *err)
{
	struct docker *docker;

	if (socket_path[0] == '\0') {
		(void)err_set(err, -EINVAL, "the path of the Docker daemon's socket is empty");
		return NULL;
	}
	if (strlen(socket_path) >= DOCKER_SOCKET_PATH_BYTES) {
		(void)err_set(err, -ENAMETOOLONG, "the socket path '%s' is longer than %d bytes",
			      socket_path, DOCKER_SOCKET_PATH_BYTES - 1);
		return NULL;
	}
	docker = calloc(1, sizeof(*docker));
	if (docker == NULL)
		goto fail;
	memcpy(docker->socket_path, socket_path, strlen(socket_path) + 1);
	buf_init(&docker->body, DOCKER_BODY_MAX);
	docker->query_ms = QUERY_MS;
	docker->change_ms = CHANGE_MS;
	if (open_curl(docker) < 0)
		goto fail;
	return docker;

fail:
	docker_close(docker);
	(void)err_set(err, -ENOMEM, "out of memory for a client of the Docker daemon");
	return NULL;
}

void docker_close(struct docker *docker)
{
	if (docker == NULL)
		return;
	curl_easy_cleanup(docker->easy);
	curl_slist_free_all(docker->headers);
	buf_fini(&docker->body);
	free(docker);
}

int docker_version(struct docker *docker, struct docker_version *ret_version, struct err *err)
{
	return docker_http_ask_version(docker, ret_version, err);
}

int docker_info(struct docker *docker, struct docker_info *ret_info, struct err *err)
{
	const struct docker_request request = {
		.method = "GET",
		.path = "/info",
		.timeout_ms = docker->query_ms,
	};
	auto_json json_t *answer = NULL;
	int result = docker_http_call(docker, &request, &answer, err);

	if (result == 0)
		result = docker_answer_info(answer, ret_info, err);
	if (result < 0)
		(void)err_wrap(err, "info");
	return result;
}

int docker_image_id(struct docker *docker, const char *image, char *ret_id, size_t size,
		    struct err *err)
{
	auto_buf struct buf path = {.max = BUF_UNBOUNDED};
	struct docker_request request = {.method = "GET", .timeout_ms = docker->query_ms};
	auto_json json_t *answer = NULL;
	int result;

	if (image[0] == '\0')
		return err_set(err, -ENOENT, "an image without a name");
	(void)buf_append_text(&path, "/images/");
	docker_http_escape(docker, &path, image);
	(void)buf_append_text(&path, "/json");
	request.path = docker_http_path(&path, err);
	if (request.path == NULL)
		return -ENOMEM;
	result = docker_http_call(docker, &request, &answer, err);
	if (result == 0)
		result = docker_answer_image(answer, ret_id, size, err);
	if (result < 0)
		(void)err_wrap(err, "image '%s'", image);
	return result;
}
