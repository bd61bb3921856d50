/* Daemons that no real one is: absent, silent, garbled, endless, or gone in the middle. */
#include "docker/http.h"
#include "support/alloc.h"
#include "test_docker_double.h"

#include <errno.h>

static struct docker *open_client(const struct daemon *daemon)
{
	struct docker *docker = docker_open(daemon->path, NULL);

	assert_non_null(docker);
	docker->query_ms = 300;
	docker->change_ms = 300;
	return docker;
}

/* An inspect after the negotiation, against one answer: its result, and its error's text. */
static void assert_inspect(struct step answer, int code, const char *text)
{
	const struct step steps[STEPS_MAX] = {{"200 OK", VERSION("1.41"), 0, false}, answer,
					      answer, answer, answer};
	struct daemon daemon;
	struct docker *docker;
	struct docker_state seen;
	struct err err = {0};
	int64_t begin_ns = clock_now_ns();

	start(&daemon, steps);
	docker = open_client(&daemon);
	assert_int_equal(docker_inspect(docker, ID, &seen, &err), code);
	assert_true(clock_now_ns() - begin_ns < 5 * NS_PER_S);
	assert_int_equal(err.code, code);
	assert_says(&err, text);
	docker_close(docker);
	stop(&daemon);
}

static void test_answers_that_are_no_answers(void **state)
{
	(void)state;
	assert_inspect((struct step){NULL, NULL, 0, false}, -ETIMEDOUT, "does not answer");
	assert_inspect((struct step){NULL, NULL, 0, true}, -ECONNREFUSED, "broke off");
	assert_inspect((struct step){NULL, "garbage\r\n\r\n", 0, true}, -EPROTO,
		       "does not speak HTTP");
	assert_inspect((struct step){NULL, "HTTP/1.1 200 OK\r\nContent-Len", 0, false}, -ETIMEDOUT,
		       "does not answer");
	assert_inspect((struct step){NULL, CUT, 0, true},
		       -ECONNREFUSED, "broke off");
	assert_inspect((struct step){"200 OK", "", 0, false}, -EPROTO, "not JSON");
	assert_inspect((struct step){"200 OK", "<html>", 0, false}, -EPROTO, "not JSON");
	assert_inspect((struct step){"200 OK", "[]", 0, false}, -EPROTO, "'Running'");
	assert_inspect((struct step){"200 OK", ENDLESS, ENDLESS_REPEATS, false}, -EPROTO,
		       "longer than 8388608 bytes");
	assert_inspect((struct step){NULL, CHUNKED "zz\r\n", 0, false}, -ECONNREFUSED,
		       "broke off");
}

static void test_refusals(void **state)
{
	(void)state;
	assert_inspect((struct step){"404 Not Found", "{\"message\":\"No such container\"}", 0,
				     false}, -ENOENT,
		       "inspect container 0123456789ab: No such container");
	assert_inspect((struct step){"409 Conflict", "{\"message\":\"busy\"}", 0, false},
		       -EALREADY, "busy");
	assert_inspect((struct step){"500 Error", "{\"message\":\"disk\\nfull\"}", 0, false}, -EIO,
		       "disk full (HTTP 500)");
	assert_inspect((struct step){"301 Moved", "", 0, false}, -EIO, "no message (HTTP 301)");
	assert_inspect((struct step){"400 Bad", "{\"message\":\"client version 1.41 is too old\"}",
				     0, false}, -EIO, "too old");
}

static void test_absent_daemon(void **state)
{
	struct docker *docker = docker_open(ABSENT, NULL);
	struct docker_state seen;
	struct err err;
	int fd = -1;

	(void)state;
	assert_int_equal(docker_inspect(docker, ID, &seen, &err), -ECONNREFUSED);
	assert_non_null(strstr(err.text, ABSENT));
	assert_int_equal(docker_attach(docker, ID, &fd, &err), -ECONNREFUSED);
	assert_int_equal(fd, -1);
	docker_close(docker);
}

static void test_bad_socket_paths(void **state)
{
	char path[109];
	struct err err;

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[108] = '\0';
	assert_null(docker_open(path, &err));
	assert_int_equal(err.code, -ENAMETOOLONG);
	assert_null(docker_open("", &err));
	assert_int_equal(err.code, -EINVAL);
	path[107] = '\0';
	docker_close(docker_open(path, &err));
}

static void test_bad_ids_stay_here(void **state)
{
	static const struct step steps[STEPS_MAX];
	struct daemon daemon;
	struct docker *docker;
	int fd = -1;

	(void)state;
	start(&daemon, steps);
	docker = open_client(&daemon);
	assert_int_equal(docker_kill(docker, "../../images/x", NULL), -EINVAL);
	assert_int_equal(docker_attach(docker, "", &fd, NULL), -EINVAL);
	assert_int_equal(served(&daemon), 0);
	docker_close(docker);
	stop(&daemon);
}

static void test_broken_connection_is_tried_again_once(void **state)
{
	static const struct step steps[STEPS_MAX] = {
		{"200 OK", VERSION("1.41"), 0, true}, /* closed while it is kept */
		{"200 OK", STATE, 0, false},
		{NULL, CUT, 0, true},
		{"200 OK", VERSION("1.40"), 0, false}, /* another daemon came up */
		{"200 OK", STATE, 0, false},
	};
	struct daemon daemon;
	struct docker *docker;
	struct docker_state seen = {0};

	(void)state;
	start(&daemon, steps);
	docker = open_client(&daemon);
	assert_int_equal(docker_inspect(docker, ID, &seen, NULL), 0);
	assert_int_equal(docker_inspect(docker, ID, &seen, NULL), 0);
	assert_int_equal(seen.pid, 7);
	assert_line(&daemon, 1, "GET /v1.41/containers/" ID "/json HTTP/1.1");
	assert_line(&daemon, 4, "GET /v1.40/containers/" ID "/json HTTP/1.1");
	assert_int_equal(served(&daemon), 5);
	docker_close(docker);
	stop(&daemon);
}

static void test_create_is_sent_once(void **state)
{
	static const struct step steps[STEPS_MAX] = {
		{"200 OK", VERSION("1.41"), 0, false},
		{NULL, NULL, 0, true},
		{"200 OK", VERSION("1.41"), 0, true}, /* stale for the next request */
		{"201 Created", "{\"Id\":\"short\"}", 0, false},
	};
	const struct docker_spec spec = {.image = "x", .name = "a b/c"};
	char id[DOCKER_ID_BYTES] = "same";
	struct daemon daemon;
	struct docker *docker;

	(void)state;
	start(&daemon, steps);
	docker = open_client(&daemon);
	assert_int_equal(docker_create(docker, &spec, id, NULL), -ECONNREFUSED);
	assert_int_equal(served(&daemon), 2);
	assert_line(&daemon, 1, "POST /v1.41/containers/create?name=a%20b%2Fc HTTP/1.1");
	assert_int_equal(docker_create(docker, &spec, id, NULL), -EPROTO);
	assert_string_equal(id, "same");
	assert_int_equal(served(&daemon), 4);
	docker_close(docker);
	stop(&daemon);
}

static void test_refused_version_is_negotiated_again(void **state)
{
	static const struct step steps[STEPS_MAX] = {
		{"200 OK", VERSION("1.45"), 0, false},
		{"400 Bad", "{\"message\":\"client version 1.45 is too new. Maximum\"}", 0, false},
		{"200 OK", VERSION("1.41"), 0, false},
		{"201 Created", "{\"Id\":\"" ID "\"}", 0, false},
		{"400 Bad", "{\"message\":\"client version 1.41 is too old\"}", 0, false},
		{"200 OK", VERSION("1.60"), 0, false},
		{NULL, "HTTP/1.1 101 UPGRADED\r\n\r\nfirst bytes", 0, false},
	};
	const struct docker_spec spec = {.image = "x"};
	char id[DOCKER_ID_BYTES], bytes[16] = "";
	struct daemon daemon;
	struct docker *docker;
	int fd = -1;

	(void)state;
	start(&daemon, steps);
	docker = open_client(&daemon);
	assert_int_equal(docker_create(docker, &spec, id, NULL), 0);
	assert_string_equal(id, ID);
	assert_line(&daemon, 3, "POST /v1.41/containers/create HTTP/1.1");
	assert_int_equal(docker_attach(docker, ID, &fd, NULL), 0);
	assert_line(&daemon, 6, "POST /v1.47/containers/" ID
				"/attach?stream=1&stdin=1&stdout=1&stderr=1 HTTP/1.1");
	docker_close(docker);
	assert_int_equal(read(fd, bytes, sizeof(bytes)), 11);
	assert_string_equal(bytes, "first bytes");
	assert_int_equal(read(fd, bytes, sizeof(bytes)), -1);
	assert_int_equal(errno, EAGAIN);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	(void)close(fd);
	stop(&daemon);
}

static void assert_attach(struct step answer, int code, const char *text)
{
	const struct step steps[STEPS_MAX] = {{"200 OK", VERSION("1.41"), 0, false}, answer};
	struct daemon daemon;
	struct docker *docker;
	struct err err = {0};
	int fd = -1;

	start(&daemon, steps);
	docker = open_client(&daemon);
	assert_int_equal(docker_attach(docker, ID, &fd, &err), code);
	assert_int_equal(fd, -1);
	assert_says(&err, text);
	docker_close(docker);
	stop(&daemon);
}

static void test_bad_attach_answers(void **state)
{
	(void)state;
	assert_attach((struct step){NULL, NULL, 0, false}, -ETIMEDOUT, "does not answer");
	assert_attach((struct step){NULL, NULL, 0, true}, -ECONNREFUSED, "closed the connection");
	assert_attach((struct step){NULL, "HTTP/1.1 101 UP\r\n", 0, true}, -ECONNREFUSED,
		      "closed the connection");
	assert_attach((struct step){NULL, "A: b\r\n", 10000, false}, -EPROTO, "more than 4096");
	assert_attach((struct step){NULL, "garbage\r\n\r\n", 0, false}, -EPROTO, "not HTTP/1");
	assert_attach((struct step){NULL, CHUNKED, 0, false}, -EPROTO, "hand its connection over");
	assert_attach((struct step){"404 Not Found", "{\"message\":\"No such\"}", 0, false},
		      -ENOENT, "No such");
	assert_attach((struct step){"409 Conflict", "{\"message\":\"paused\"}", 0, false},
		      -EALREADY, "paused");
	assert_attach((struct step){NULL, "HTTP/1.1 500 E\r\nContent-Length: 999999\r\n\r\nx", 0,
				    false}, -EIO, "no message (HTTP 500)");
}

static void test_allocation_failures(void **state)
{
	static const struct step answer = {"200 OK", STATE, 0, false};
	const struct step steps[STEPS_MAX] = {answer, answer, answer, answer,
					      answer, answer, answer, answer};
	struct daemon daemon;
	unsigned n;

	(void)state;
	start(&daemon, steps);
	for (n = 1; n <= ALLOC_RUNS; n++) {
		struct docker_state seen = {.pid = 77};
		struct docker *docker;
		int result = -ENOMEM;

		alloc_fail_at(n);
		docker = docker_open(daemon.path, NULL);
		if (docker != NULL) {
			memcpy(docker->api, "1.41", 5);
			result = docker_inspect(docker, ID, &seen, NULL);
		}
		docker_close(docker);
		if (!alloc_failed()) {
			assert_int_equal(result, 0);
			break;
		}
		assert_true(result == -ENOMEM || result == -EPROTO);
		assert_int_equal(seen.pid, 77);
	}
	alloc_fail_at(0);
	assert_true(n > 10 && n < ALLOC_RUNS);
	stop(&daemon);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_that_are_no_answers),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_absent_daemon),
		cmocka_unit_test(test_bad_socket_paths),
		cmocka_unit_test(test_bad_ids_stay_here),
		cmocka_unit_test(test_broken_connection_is_tried_again_once),
		cmocka_unit_test(test_create_is_sent_once),
		cmocka_unit_test(test_refused_version_is_negotiated_again),
		cmocka_unit_test(test_bad_attach_answers),
		cmocka_unit_test(test_allocation_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
