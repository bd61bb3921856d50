/* The head of an answer whose connection is taken over. */
#include "docker/head.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define UPGRADED                                        \
	"HTTP/1.1 101 UPGRADED\r\n"                     \
	"Content-Type: application/vnd.docker.raw-stream\r\n" \
	"Connection: Upgrade\r\n"                       \
	"Upgrade: tcp\r\n"                              \
	"\r\n"

static void test_length(void **state)
{
	static const char text[] = UPGRADED "\r\n\r\nmore";

	(void)state;
	for (size_t i = 0; i < strlen(UPGRADED); i++)
		assert_int_equal(docker_head_length(text, i), 0);
	for (size_t i = strlen(UPGRADED); i < sizeof(text); i++)
		assert_int_equal(docker_head_length(text, i), strlen(UPGRADED));
}

static void test_good_heads(void **state)
{
	static const struct {
		const char *text;
		struct docker_head head;
	} cases[] = {
		{UPGRADED, {101, false, 0}},
		{"HTTP/1.0 200 OK\r\n\r\n", {200, false, 0}},
		{"HTTP/1.1 200\r\n\r\n", {200, false, 0}},
		{"HTTP/1.1 404 Not Found\r\ncontent-length: \t12 \r\n\r\n", {404, false, 12}},
		{"HTTP/1.1 500 E\r\nContent-Length:999999999\r\n\r\n", {500, false, 999999999}},
		{"HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: chunked\r\n\r\n", {200, true, 0}},
		{"HTTP/1.1 200 OK\r\nA:\r\n\r\n", {200, false, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct docker_head head = {0};

		assert_int_equal(docker_head_parse(cases[i].text, strlen(cases[i].text), &head,
						   NULL), 0);
		assert_int_equal(head.status, cases[i].head.status);
		assert_int_equal(head.is_encoded, cases[i].head.is_encoded);
		assert_int_equal(head.content_length, cases[i].head.content_length);
	}
}

static void test_bad_heads(void **state)
{
	static const char *const cases[] = {
		"",
		"\r\n",
		"\r\n\r\n",
		"HTTP/1.1 200 OK\r\n",
		"HTTP/1.1 200 OK\n\n",
		"HTTP/1.1 20\r\n\r\n",
		"HTTP/1.1 2000 OK\r\n\r\n",
		"HTTP/1.1 099 OK\r\n\r\n",
		"HTTP/1.1 -20 OK\r\n\r\n",
		"HTTP/1.2 200 OK\r\n\r\n",
		"HTTP/2 200 OK\r\n\r\n",
		"HTTP/1.1  200 OK\r\n\r\n",
		"SSH-2.0-OpenSSH_9.2p1 Debian\r\n\r\n",
		"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
		"HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
		"HTTP/1.1 200 OK\r\nspace in: name\r\n\r\n",
		"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n",
		"HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n",
		"HTTP/1.1 200 OK\r\n folded: line\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
		"HTTP/1.1 200 OK\r\n\r\nA: b\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct docker_head head = {.status = 77};
		struct err err = {0};

		if (docker_head_parse(cases[i], strlen(cases[i]), &head, &err) != -EPROTO)
			fail_msg("accepted: %s", cases[i]);
		assert_int_equal(err.code, -EPROTO);
		assert_int_equal(head.status, 77);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_good_heads),
		cmocka_unit_test(test_bad_heads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
