/* Attaching takes the connection over: after the answer's head, the bytes are the container's.
 *
 * libcurl connects (CURLOPT_CONNECT_ONLY) and no more: its `perform` with an upgrade cannot write
 * to stdin. The request is written and the head is read here, and not a byte beyond the head. */

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "docker/head.h"
#include "docker/http.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define MESSAGE_MAX 4096

static int connect_easy(struct docker *docker, CURL *easy, int *ret_fd, struct err *err)
{
	curl_socket_t socket = CURL_SOCKET_BAD;
	int result = docker_http_connects(docker, easy, err);

	if (result < 0)
		return result;
	docker->complaint[0] = '\0';
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, docker->complaint);
	(void)curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	result = docker_http_result(docker, curl_easy_perform(easy), err);
	if (result < 0)
		return result;
	if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK)
		return err_set(err, -EPROTO, "libcurl has no socket after it connected");
	*ret_fd = fcntl(socket, F_DUPFD_CLOEXEC, 0);
	if (*ret_fd < 0)
		return err_set(err, -errno, "duplicate a socket: %s", strerror(errno));
	return 0;
}

/* A descriptor of its own, so that it outlives libcurl's handle. */
static int connect_socket(struct docker *docker, int *ret_fd, struct err *err)
{
	CURL *easy = curl_easy_init();
	int result;

	if (easy == NULL)
		return err_set(err, -ENOMEM, "out of memory for a connection to the Docker daemon");
	result = connect_easy(docker, easy, ret_fd, err);
	curl_easy_cleanup(easy);
	return result;
}

static int send_request(const struct docker *docker, int fd, const char *id, int64_t deadline_ns,
			struct err *err)
{
	auto_buf struct buf request = {.max = DOCKER_HEAD_MAX};
	int result;

	(void)buf_append_format(&request,
				"POST /v%s/containers/%s/attach?stream=1&stdin=1&stdout=1&stderr=1"
				" HTTP/1.1\r\n"
				"Host: docker\r\n"
				"Connection: Upgrade\r\n"
				"Upgrade: tcp\r\n"
				"Content-Length: 0\r\n"
				"\r\n",
				docker->api, id);
	if (buf_failed(&request))
		return err_set(err, -ENOMEM, "out of memory for a request to the Docker daemon");
	result = io_write_all(fd, request.data, request.length, deadline_ns);
	if (result < 0)
		return err_set(err, result == -ETIMEDOUT ? result : -ECONNREFUSED,
			       "send to the Docker daemon: %s", strerror(-result));
	return 0;
}

/* Waits for bytes and shows them without taking them. */
static ssize_t peek(int fd, char *data, size_t length, int64_t deadline_ns, struct err *err)
{
	ssize_t seen;
	int result = io_wait(fd, POLLIN, deadline_ns);

	if (result == -ETIMEDOUT)
		return err_set(err, result, "the Docker daemon does not answer");
	if (result < 0)
		return err_set(err, result, "wait for the Docker daemon: %s", strerror(-result));
	seen = recv(fd, data, length, MSG_PEEK | MSG_DONTWAIT);
	if (seen < 0 && errno != EAGAIN && errno != EINTR)
		return err_set(err, -ECONNREFUSED, "the Docker daemon broke the connection: %s",
			       strerror(errno));
	if (seen == 0)
		return err_set(err, -ECONNREFUSED, "the Docker daemon closed the connection");
	return seen < 0 ? 0 : seen;
}

/* Takes the head and leaves what follows it in the socket. */
static int read_head(int fd, struct docker_head *ret_head, int64_t deadline_ns, struct err *err)
{
	char text[DOCKER_HEAD_MAX];
	size_t length = 0;

	while (length < sizeof(text)) {
		ssize_t seen = peek(fd, text + length, sizeof(text) - length, deadline_ns, err);
		size_t taken, head;

		if (seen < 0)
			return (int)seen;
		if (seen == 0)
			continue;
		head = docker_head_length(text, length + (size_t)seen);
		taken = head > 0 ? head - length : (size_t)seen;
		if (recv(fd, text + length, taken, MSG_DONTWAIT) != (ssize_t)taken)
			return err_set(err, -EPROTO, "the Docker daemon's answer shrank");
		length += taken;
		if (head > 0)
			return docker_head_parse(text, head, ret_head, err);
	}
	return err_set(err, -EPROTO, "the Docker daemon's answer has a head of more than %d bytes",
		       DOCKER_HEAD_MAX);
}

static int refused(struct docker *docker, int fd, const struct docker_head *head,
		   int64_t deadline_ns, struct err *err)
{
	char text[MESSAGE_MAX];
	size_t wanted = head->content_length < sizeof(text) ? head->content_length : sizeof(text);
	size_t length = 0;

	while (length < wanted) {
		ssize_t got = io_read(fd, text + length, wanted - length, deadline_ns);

		if (got <= 0)
			break;
		length += (size_t)got;
	}
	return docker_http_refusal(docker, head->status, text, length, err);
}

static int take_over(struct docker *docker, int fd, const char *id, struct err *err)
{
	int64_t deadline_ns = clock_after_ms(docker->query_ms);
	struct docker_head head;
	int result = io_set_nonblocking(fd);

	if (result < 0)
		return err_set(err, result, "set a socket up: %s", strerror(-result));
	result = send_request(docker, fd, id, deadline_ns, err);
	if (result == 0)
		result = read_head(fd, &head, deadline_ns, err);
	if (result < 0)
		return result;
	if (head.status != 101 && head.status != 200)
		return refused(docker, fd, &head, deadline_ns, err);
	if (head.is_encoded || head.content_length > 0)
		return err_set(err, -EPROTO, "the Docker daemon did not hand its connection over");
	return 0;
}

static int attempt(struct docker *docker, const char *id, int *ret_fd, struct err *err)
{
	auto_close int fd = -1;
	int result = docker_http_negotiate(docker, err);

	if (result == 0)
		result = connect_socket(docker, &fd, err);
	if (result == 0)
		result = take_over(docker, fd, id, err);
	if (result == -ECONNREFUSED)
		docker->api[0] = '\0';
	if (result == 0)
		*ret_fd = take_fd(&fd);
	return result;
}

int docker_attach(struct docker *docker, const char *id, int *ret_fd, struct err *err)
{
	int result;

	if (!docker_id_is_valid(id))
		return err_set(err, -EINVAL, "'%.*s' is not a container id", DOCKER_ID_BYTES, id);
	result = attempt(docker, id, ret_fd, err);
	if (result == -EIO && docker->api[0] == '\0')
		result = attempt(docker, id, ret_fd, err);
	if (result < 0)
		(void)err_wrap(err, "attach to container %.12s", id);
	return result;
}
