/* test_docker_double: a daemon that does what no real one does, a thread behind a Unix socket that
 * plays one step for each request, whatever is asked. What a real daemon does is tested against a
 * real one, in tests/integration. */
#ifndef KILN_TESTS_UNIT_TEST_DOCKER_DOUBLE_H
#define KILN_TESTS_UNIT_TEST_DOCKER_DOUBLE_H

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/sync.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define VERSION(api) "{\"Version\":\"1\",\"ApiVersion\":\"" api "\",\"MinAPIVersion\":\"1.12\"}"
#define STATE "{\"State\":{\"Running\":true,\"OOMKilled\":false,\"Pid\":7,\"ExitCode\":0}}"
#define DIE(id, code, time)                                                                    \
	"{\"Type\":\"container\",\"Action\":\"die\",\"timeNano\":" time ",\"Actor\":{\"ID\":\"" id \
	"\",\"Attributes\":{\"exitCode\":\"" code "\"}}}"
#define CUT "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

/* 2 KiB of JSON that does not end. */
#define OPEN64 "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
#define OPEN512 OPEN64 OPEN64 OPEN64 OPEN64 OPEN64 OPEN64 OPEN64 OPEN64
#define ENDLESS "{\"a\":[" OPEN512 OPEN512 OPEN512 OPEN512
#define ENDLESS_REPEATS 6000

#define ABSENT "/tmp/kiln-no-such-socket"
#define STEPS_MAX 8
#define PEERS_MAX 8

struct step {
	const char *status; /* "200 OK": a head is made for the body */
	const char *body;   /* without a status: sent as it is; NULL: nothing is said */
	size_t repeats;     /* how many times more the body is sent */
	bool closes;
};

struct peer {
	int fd; /* 0: none */
	size_t length;
	char request[2048];
};

struct daemon {
	char directory[32];
	char path[64];
	int listener;
	int stop[2];
	pthread_t thread;
	const struct step *steps;
	struct mutex lock;
	unsigned served GUARDED_BY(lock);
	char lines[STEPS_MAX][512] GUARDED_BY(lock); /* of the requests */
	struct peer peers[PEERS_MAX];                 /* the thread's own */
};

static bool send_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		data += sent;
		length -= (size_t)sent;
	}
	return true;
}

static void play(struct peer *peer, const struct step *step)
{
	const char *body = step->body == NULL ? "" : step->body;
	char head[128];

	if (step->status != NULL) {
		(void)snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n",
			       step->status, strlen(body) * (step->repeats + 1));
		(void)send_all(peer->fd, head, strlen(head));
	}
	for (size_t i = 0; i <= step->repeats; i++) {
		if (!send_all(peer->fd, body, strlen(body)))
			break;
	}
	if (step->closes) {
		(void)close(peer->fd);
		peer->fd = 0;
	}
	peer->length = 0;
}

static void serve(struct daemon *daemon, struct peer *peer)
{
	ssize_t got = recv(peer->fd, peer->request + peer->length,
			   sizeof(peer->request) - 1 - peer->length, 0);
	unsigned number;

	if (got <= 0) {
		(void)close(peer->fd);
		peer->fd = 0;
		return;
	}
	peer->length += (size_t)got;
	peer->request[peer->length] = '\0';
	if (strstr(peer->request, "\r\n\r\n") == NULL)
		return;
	*strstr(peer->request, "\r\n") = '\0';
	mutex_lock(&daemon->lock);
	number = daemon->served < STEPS_MAX - 1 ? daemon->served : STEPS_MAX - 1;
	(void)snprintf(daemon->lines[number], sizeof(daemon->lines[number]), "%.511s",
		       peer->request);
	daemon->served++;
	mutex_unlock(&daemon->lock);
	play(peer, &daemon->steps[number]);
}

static void welcome(struct daemon *daemon)
{
	int fd = accept4(daemon->listener, NULL, NULL, SOCK_CLOEXEC);

	for (unsigned i = 0; fd > 0 && i < PEERS_MAX; i++) {
		if (daemon->peers[i].fd == 0) {
			daemon->peers[i] = (struct peer){.fd = fd};
			return;
		}
	}
}

static void *run_daemon(void *arg)
{
	struct daemon *daemon = arg;

	for (;;) {
		struct pollfd fds[PEERS_MAX + 2] = {{.fd = daemon->stop[0], .events = POLLIN},
						    {.fd = daemon->listener, .events = POLLIN}};

		for (unsigned i = 0; i < PEERS_MAX; i++)
			fds[i + 2] = (struct pollfd){
				.fd = daemon->peers[i].fd == 0 ? -1 : daemon->peers[i].fd,
				.events = POLLIN};
		(void)poll(fds, PEERS_MAX + 2, -1);
		if (fds[0].revents != 0)
			return NULL;
		for (unsigned i = 0; i < PEERS_MAX; i++) {
			if (fds[i + 2].revents != 0)
				serve(daemon, &daemon->peers[i]);
		}
		if (fds[1].revents != 0)
			welcome(daemon);
	}
}

static inline void start(struct daemon *daemon, const struct step *steps)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	*daemon = (struct daemon){.steps = steps, .directory = "/tmp/kiln-test-XXXXXX"};
	assert_non_null(mkdtemp(daemon->directory));
	(void)snprintf(daemon->path, sizeof(daemon->path), "%s/docker.sock", daemon->directory);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", daemon->path);
	mutex_init(&daemon->lock);
	daemon->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(daemon->listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(daemon->listener, 8), 0);
	assert_int_equal(pipe2(daemon->stop, O_CLOEXEC), 0);
	assert_int_equal(thread_start(&daemon->thread, "daemon", run_daemon, daemon), 0);
}

static inline void stop(struct daemon *daemon)
{
	assert_int_equal(write(daemon->stop[1], "x", 1), 1);
	assert_int_equal(pthread_join(daemon->thread, NULL), 0);
	for (unsigned i = 0; i < PEERS_MAX; i++) {
		if (daemon->peers[i].fd != 0)
			(void)close(daemon->peers[i].fd);
	}
	(void)close(daemon->listener);
	(void)close(daemon->stop[0]);
	(void)close(daemon->stop[1]);
	(void)unlink(daemon->path);
	(void)rmdir(daemon->directory);
	mutex_fini(&daemon->lock);
}

static inline unsigned served(struct daemon *daemon)
{
	mutex_lock(&daemon->lock);
	unsigned count = daemon->served;
	mutex_unlock(&daemon->lock);
	return count;
}

static inline void assert_line(struct daemon *daemon, unsigned number, const char *line)
{
	mutex_lock(&daemon->lock);
	assert_string_equal(daemon->lines[number], line);
	mutex_unlock(&daemon->lock);
}

static inline void assert_says(const struct err *err, const char *text)
{
	if (strstr(err->text, text) == NULL)
		fail_msg("'%s' is not in '%s'", text, err->text);
}

#endif
