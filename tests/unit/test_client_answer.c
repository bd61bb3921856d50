#include "client/answer.h"

#include "client/client.h"
#include "support/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka needs those above it. */
#include <cmocka.h>

#define REPLY(verdict, error, code, signal, limit)                                                \
	"{\"verdict\":\"" verdict "\",\"error\":\"" error "\",\"stdout\":\"o\",\"stderr\":\"e\"," \
	"\"encoding\":\"utf8\",\"exit_code\":" code ",\"signal\":" signal ",\"compile\":null,"    \
	"\"limit\":" limit ",\"truncated\":{\"stdout\":false,\"stderr\":false}}"
#define LIMIT(name, allowed, measured) \
	"{\"name\":\"" name "\",\"allowed\":" allowed ",\"measured\":" measured "}"

static const struct {
	const char *reply;
	int status;
	const char *explanation;
} ends[] = {
	{REPLY("ok", "", "0", "null", "null"), 0, ""},
	{REPLY("runtime_error", "execution error: exit status 3", "3", "null", "null"), 3, ""},
	{REPLY("runtime_error", "execution error: exit status 255", "255", "null", "null"), 255,
	 ""},
	{REPLY("runtime_error", "x", "null", "\"SIGSEGV\"", "null"), 139, "ended by SIGSEGV"},
	{REPLY("runtime_error", "x", "null", "\"SIGKILL\"", "null"), 137, "ended by SIGKILL"},
	/* A failure without a status must not look like success. */
	{REPLY("runtime_error", "x", "null", "null", "null"), 1, ""},
	{REPLY("runtime_error", "x", "1", "null", LIMIT("processes", "64", "65")), 1,
	 "limit: 65 of 64 allowed (processes)"},
	{REPLY("compile_error", "x", "null", "null", "null"), 1, "the compiler failed"},
	{REPLY("compile_error", "x", "null", "null", LIMIT("compile_wall_ms", "30000", "30002")), 1,
	 "compile limit: 30002 ms of 30000 ms allowed (compile_wall_ms)"},
	{REPLY("time_limit", "x", "null", "\"SIGKILL\"", LIMIT("wall_ms", "10000", "10004")), 124,
	 "time limit: 10004 ms of 10000 ms allowed (wall_ms)"},
	{REPLY("time_limit", "x", "null", "\"SIGKILL\"", LIMIT("cpu_ms", "500", "501")), 124,
	 "time limit: 501 ms of 500 ms allowed (cpu_ms)"},
	{REPLY("memory_limit", "x", "null", "\"SIGKILL\"", LIMIT("memory_bytes", "400", "404")),
	 137, "memory limit: 404 bytes of 400 bytes allowed (memory_bytes)"},
	{REPLY("output_limit", "x", "null", "\"SIGKILL\"", LIMIT("output_bytes", "10", "11")), 123,
	 "output limit: 11 bytes of 10 bytes allowed (output_bytes)"},
	{REPLY("busy", "job queue full, max capacity: 5", "null", "null", "null"), 125,
	 "busy: job queue full, max capacity: 5"},
	{REPLY("busy", "x", "null", "null", LIMIT("queue_ms", "5000", "5001")), 125,
	 "busy: 5001 ms of 5000 ms allowed (queue_ms)"},
	{REPLY("rejected", "unsupported language: x", "null", "null", "null"), 125,
	 "rejected: unsupported language: x"},
	{REPLY("cancelled", "shutting down", "null", "null", "null"), 125,
	 "cancelled: shutting down"},
	{REPLY("internal_error", "lost", "null", "null", "null"), 125, "internal_error: lost"},
};

static void test_exit_status_and_explanation(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct answer answer = {0};
		struct err err = {0};
		char text[360];

		assert_int_equal(answer_parse(ends[i].reply, strlen(ends[i].reply), &answer, &err),
				 0);
		assert_int_equal(answer_exit_status(&answer), ends[i].status);
		answer_explain(&answer, text, sizeof(text));
		assert_string_equal(text, ends[i].explanation);
		answer_fini(&answer);
	}
}

static const struct {
	const char *reply;
	const char *key; /* which the error names */
} wrongs[] = {
	{"", "JSON"},
	{"[]", "JSON"},
	{"{\"verdict\":\"ok\"", "JSON"},
	{"{}", "'verdict'"},
	{"{\"verdict\":\"fine\"}", "'verdict'"},
	{"{\"verdict\":1}", "'verdict'"},
	{"{\"verdict\":\"ok\"}", "'encoding'"},
	{"{\"verdict\":\"ok\",\"encoding\":\"utf16\"}", "'encoding'"},
	{"{\"verdict\":\"ok\",\"encoding\":\"utf8\"}", "'stdout'"},
	{"{\"verdict\":\"ok\",\"encoding\":\"utf8\",\"stdout\":1}", "'stdout'"},
	{"{\"verdict\":\"ok\",\"encoding\":\"utf8\",\"stdout\":\"\"}", "'stderr'"},
	{"{\"verdict\":\"ok\",\"encoding\":\"base64\",\"stdout\":\"a\"}", "'stdout'"},
	{"{\"verdict\":\"ok\",\"encoding\":\"utf8\",\"stdout\":\"\",\"stderr\":\"\","
	 "\"compile\":{}}",
	 "'output'"},
	{REPLY("ok", "", "256", "null", "null"), "'exit_code'"},
	{REPLY("ok", "", "-2", "null", "null"), "'exit_code'"},
	{REPLY("time_limit", "", "0", "null", "{}"), "'limit'"},
	{REPLY("time_limit", "", "0", "null", LIMIT("wall_ms", "-1", "0")), "'limit'"},
};

static void test_what_is_not_a_reply_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		struct answer answer = {.exit_code = 77};
		struct err err = {0};

		assert_int_equal(
			answer_parse(wrongs[i].reply, strlen(wrongs[i].reply), &answer, &err),
			-EPROTO);
		assert_non_null(strstr(err.text, wrongs[i].key));
		assert_int_equal(answer.exit_code, 77);
	}
}

/* Prints into two pipes and compares what comes out of them. */
static void assert_prints(const char *reply, const char *out, size_t out_length,
			  const char *err_text)
{
	struct answer answer = {0};
	struct err err = {0};
	char text[512] = {0};
	int out_fds[2], err_fds[2];

	assert_int_equal(pipe(out_fds), 0);
	assert_int_equal(pipe(err_fds), 0);
	assert_int_equal(answer_parse(reply, strlen(reply), &answer, &err), 0);
	assert_int_equal(answer_print(&answer, out_fds[1], err_fds[1]), 0);
	answer_fini(&answer);
	(void)close(out_fds[1]);
	(void)close(err_fds[1]);
	assert_int_equal(read(out_fds[0], text, sizeof(text)), out_length);
	assert_memory_equal(text, out, out_length);
	memset(text, 0, sizeof(text));
	assert_int_equal(read(err_fds[0], text, sizeof(text) - 1), strlen(err_text));
	assert_string_equal(text, err_text);
	(void)close(out_fds[0]);
	(void)close(err_fds[0]);
}

static void test_output_is_printed_byte_by_byte(void **state)
{
	(void)state;
	assert_prints(REPLY("ok", "", "0", "null", "null"), "o", 1, "e");
	assert_prints("{\"verdict\":\"ok\",\"encoding\":\"utf8\",\"stdout\":\"a\\u0000\\u00e9\","
		      "\"stderr\":\"\"}",
		      "a\0\xc3\xa9", 4, "");
	assert_prints("{\"verdict\":\"ok\",\"encoding\":\"base64\",\"stdout\":\"AP/+\",\"stderr\":"
		      "\"ZQ==\",\"compile\":{\"output\":\"dw==\"}}",
		      "\0\xff\xfe", 3, "we");
	assert_prints("{\"verdict\":\"compile_error\",\"encoding\":\"utf8\",\"stdout\":\"\","
		      "\"stderr\":\"\",\"compile\":{\"output\":\"a.c:1: no\\n\"}}",
		      "", 0, "a.c:1: no\nkiln: the compiler failed\n");
	assert_prints("{\"verdict\":\"ok\",\"encoding\":\"utf8\",\"stdout\":\"\",\"stderr\":\"\","
		      "\"truncated\":{\"stdout\":true,\"stderr\":true}}",
		      "", 0,
		      "kiln: stdout is longer: the rest was cut off\n"
		      "kiln: stderr is longer: the rest was cut off\n");
}

static void test_a_full_disk_is_told(void **state)
{
	const char *reply = REPLY("ok", "", "0", "null", "null");
	struct answer answer = {0};
	struct err err = {0};
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(answer_parse(reply, strlen(reply), &answer, &err), 0);
	assert_int_equal(answer_print(&answer, fd, fd), -ENOSPC);
	answer_fini(&answer);
	(void)close(fd);
}

static void test_memory_runs_out(void **state)
{
	static const char reply[] =
		"{\"verdict\":\"ok\",\"encoding\":\"base64\",\"stdout\":\"AP/+\","
		"\"stderr\":\"ZQ==\",\"compile\":{\"output\":\"dw==\"}}";
	unsigned n;

	(void)state;
	for (n = 1; n <= ALLOC_RUNS; n++) {
		struct answer answer = {0};
		struct err err = {0};
		int result;

		alloc_fail_at(n);
		result = answer_parse(reply, sizeof(reply) - 1, &answer, &err);
		if (!alloc_failed()) {
			assert_int_equal(result, 0);
			answer_fini(&answer);
			break;
		}
		assert_true(result < 0);
		assert_null(answer.out.data);
	}
	alloc_fail_at(0);
	assert_in_range(n, 5, ALLOC_RUNS);
}

static void test_who_answered(void **state)
{
	static const char reply[] =
		"{\"verdict\":\"ok\",\"error\":\"\",\"stdout\":\"o\",\"stderr\":\"\","
		"\"encoding\":\"utf8\",\"exit_code\":0,\"signal\":null,\"limit\":null,"
		"\"compile\":{\"output\":\"\",\"cached\":true},"
		"\"engine\":{\"name\":\"host-1\",\"version\":\"0.1.0\"}}";
	struct answer answer = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(answer_parse(reply, strlen(reply), &answer, &err), 0);
	assert_string_equal(answer.engine, "host-1");
	assert_string_equal(answer.engine_version, "0.1.0");
	assert_true(answer.compile_cached);
	answer_fini(&answer);
	assert_int_equal(answer_parse(ends[0].reply, strlen(ends[0].reply), &answer, &err), 0);
	assert_string_equal(answer.engine, "");
	assert_false(answer.compile_cached);
	answer_fini(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_answered),
		cmocka_unit_test(test_exit_status_and_explanation),
		cmocka_unit_test(test_what_is_not_a_reply_is_named),
		cmocka_unit_test(test_output_is_printed_byte_by_byte),
		cmocka_unit_test(test_a_full_disk_is_told),
		cmocka_unit_test(test_memory_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
