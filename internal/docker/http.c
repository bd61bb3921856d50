#include "docker/http.h"

#include <errno.h>
#include <string.h>

#define CONNECT_MS 5000L

int docker_http_connects(const struct docker *docker, CURL *easy, struct err *err)
{
	/* Without its socket the handle would go to a host of that name. */
	if (curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, docker->socket_path) != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_URL, "http://docker/") != CURLE_OK ||
	    curl_easy_setopt(easy, CURLOPT_PROXY, "") != CURLE_OK)
		return err_set(err, -ENOMEM, "out of memory for a request to the Docker daemon");
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	(void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	return 0;
}

size_t docker_http_take_body(char *data, size_t size, size_t count, void *arg)
{
	struct docker *docker = arg;

	docker->body_result = buf_append(&docker->body, data, size * count);
	return docker->body_result == 0 ? size * count : 0;
}

static int set_url(struct docker *docker, const struct docker_request *request)
{
	auto_buf struct buf url = {.max = BUF_UNBOUNDED};
	bool versioned = !request->unversioned;

	(void)buf_append_format(&url, "http://docker%s%s%s", versioned ? "/v" : "",
				versioned ? docker->api : "", request->path);
	(void)buf_append(&url, "", 1);
	if (buf_failed(&url) ||
	    curl_easy_setopt(docker->easy, CURLOPT_URL, (char *)url.data) != CURLE_OK)
		return -ENOMEM;
	return 0;
}

static int set_method(CURL *easy, const struct docker_request *request)
{
	const char *body = request->body == NULL ? "" : request->body;

	if (strcmp(request->method, "GET") == 0)
		return 0;
	if (strcmp(request->method, "POST") == 0) {
		(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
		(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
		return 0;
	}
	if (curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method) != CURLE_OK)
		return -ENOMEM;
	return 0;
}

int docker_http_prepare(struct docker *docker, const struct docker_request *request,
			struct err *err)
{
	CURL *easy = docker->easy;
	int result;

	buf_reset(&docker->body, DOCKER_BODY_MAX / 64);
	docker->body_result = 0;
	docker->complaint[0] = '\0';
	curl_easy_reset(easy); /* keeps the connection */
	result = docker_http_connects(docker, easy, err);
	if (result < 0)
		return result;
	if (set_url(docker, request) < 0 || set_method(easy, request) < 0)
		return err_set(err, -ENOMEM, "out of memory for a request to the Docker daemon");
	(void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, docker->headers);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, docker_http_take_body);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, docker);
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, docker->complaint);
	(void)curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, 1L);
	/* libcurl sends any request again when a kept connection turns out to be dead. */
	(void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->once ? 1L : 0L);
	return 0;
}

static int refused_body(const struct docker *docker, struct err *err)
{
	if (docker->body_result == -ENOSPC)
		return err_set(err, -EPROTO, "the Docker daemon's answer is longer than %zu bytes",
			       docker->body.max);
	return err_set(err, -ENOMEM, "out of memory for the Docker daemon's answer");
}

int docker_http_result(struct docker *docker, CURLcode code, struct err *err)
{
	const char *why = docker->complaint;

	if (code == CURLE_OK)
		return 0;
	if (why[0] == '\0')
		why = curl_easy_strerror(code);
	switch (code) {
	case CURLE_COULDNT_CONNECT:
		docker->api[0] = '\0'; /* who answers next may be another daemon */
		return err_set(err, -ECONNREFUSED, "the Docker daemon at %s cannot be reached: %s",
			       docker->socket_path, why);
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
		docker->api[0] = '\0';
		return err_set(err, -ECONNREFUSED, "the Docker daemon at %s broke off: %s",
			       docker->socket_path, why);
	case CURLE_OPERATION_TIMEDOUT:
		return err_set(err, -ETIMEDOUT, "the Docker daemon at %s does not answer: %s",
			       docker->socket_path, why);
	case CURLE_WRITE_ERROR:
		return refused_body(docker, err);
	case CURLE_OUT_OF_MEMORY:
		return err_set(err, -ENOMEM, "out of memory for the Docker daemon's answer");
	default:
		return err_set(err, -EPROTO, "the Docker daemon at %s does not speak HTTP: %s",
			       docker->socket_path, why);
	}
}

/* "client version 1.50 is too new. Maximum supported API version is 1.41" */
static bool is_version_complaint(const char *message)
{
	return strstr(message, "client version") != NULL &&
	       (strstr(message, "too new") != NULL || strstr(message, "too old") != NULL);
}

int docker_http_refusal(struct docker *docker, long status, const void *body, size_t length,
			struct err *err)
{
	char message[sizeof(err->text)];

	docker_answer_message(body, length, message, sizeof(message));
	switch (status) {
	case 304:
		return err_set(err, -EALREADY, "already so");
	case 404:
		return err_set(err, -ENOENT, "%s", message);
	case 409:
		return err_set(err, -EALREADY, "%s", message);
	default:
		if (status == 400 && is_version_complaint(message))
			docker->api[0] = '\0';
		return err_set(err, -EIO, "%s (HTTP %ld)", message, status);
	}
}

int docker_http_judge(struct docker *docker, struct err *err)
{
	long status = 0;

	(void)curl_easy_getinfo(docker->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200 && status < 300)
		return 0;
	return docker_http_refusal(docker, status, docker->body.data, docker->body.length, err);
}

static int perform(struct docker *docker, const struct docker_request *request, CURLcode *ret_code,
		   struct err *err)
{
	int result = docker_http_prepare(docker, request, err);

	if (result < 0)
		return result;
	*ret_code = curl_easy_perform(docker->easy);
	result = docker_http_result(docker, *ret_code, err);
	if (result == 0)
		result = docker_http_judge(docker, err);
	return result;
}

int docker_http_choose_version(struct docker *docker, struct docker_version *ret_version,
			       struct err *err)
{
	auto_json json_t *answer = NULL;
	int result = docker_json_parse((const char *)docker->body.data, docker->body.length,
					 &answer, err);

	if (result == 0)
		result = docker_answer_version(answer, ret_version, err);
	if (result == 0)
		memcpy(docker->api, ret_version->used, sizeof(docker->api));
	return result;
}

int docker_http_ask_version(struct docker *docker, struct docker_version *ret_version,
			    struct err *err)
{
	const struct docker_request request = {
		.method = "GET",
		.path = "/version",
		.timeout_ms = docker->query_ms,
		.unversioned = true,
	};
	CURLcode code = CURLE_OK;
	int result = perform(docker, &request, &code, err);

	/* The connection may have been kept from before a restart of the daemon. */
	if (result == -ECONNREFUSED && code != CURLE_COULDNT_CONNECT)
		result = perform(docker, &request, &code, err);
	if (result == 0)
		result = docker_http_choose_version(docker, ret_version, err);
	return result;
}

int docker_http_negotiate(struct docker *docker, struct err *err)
{
	struct docker_version version;

	return docker->api[0] != '\0' ? 0 : docker_http_ask_version(docker, &version, err);
}

/* *ret_again when the request did not reach its end and may be sent once more. */
static int attempt(struct docker *docker, const struct docker_request *request, bool *ret_again,
		   struct err *err)
{
	CURLcode code = CURLE_OK;
	int result = docker_http_negotiate(docker, err);

	*ret_again = false;
	if (result < 0)
		return result;
	result = perform(docker, request, &code, err);
	if (result == -EIO && docker->api[0] == '\0')
		*ret_again = true;
	if (result == -ECONNREFUSED && code != CURLE_COULDNT_CONNECT && !request->once)
		*ret_again = true;
	return result;
}

int docker_http_call(struct docker *docker, const struct docker_request *request,
		     json_t **ret_answer, struct err *err)
{
	struct err first = {0};
	bool again;
	int result = attempt(docker, request, &again, &first);

	if (result < 0 && again)
		result = attempt(docker, request, &again, &first);
	if (result == 0 && ret_answer != NULL)
		result = docker_json_parse((const char *)docker->body.data, docker->body.length,
					     ret_answer, &first);
	if (result < 0 && err != NULL)
		*err = first;
	return result;
}

void docker_http_escape(struct docker *docker, struct buf *path, const char *text)
{
	char *escaped = curl_easy_escape(docker->easy, text, 0);

	if (escaped == NULL)
		path->failed = true;
	else
		(void)buf_append_text(path, escaped);
	curl_free(escaped);
}

void docker_http_filter(struct docker *docker, struct buf *path, const char *type,
			const char *label, const char *value)
{
	auto_json json_t *filter = json_pack("{s:[s++]}", "label", label, "=", value);

	if (type != NULL && json_object_set_new(filter, "type", json_pack("[s]", type)) < 0)
		path->failed = true;
	docker_http_filters(docker, path, filter);
}

void docker_http_filters(struct docker *docker, struct buf *path, const json_t *filters)
{
	char *text = docker_json_format(filters);

	(void)buf_append_text(path, "filters=");
	if (text == NULL)
		path->failed = true;
	else
		docker_http_escape(docker, path, text);
	free(text);
}

const char *docker_http_path(struct buf *path, struct err *err)
{
	if (buf_append(path, "", 1) < 0) {
		(void)err_set(err, -ENOMEM, "out of memory for a path of the Docker daemon");
		return NULL;
	}
	return (const char *)path->data;
}
