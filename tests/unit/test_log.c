#include "log/log.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/sync.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int real_stderr = -1;

/* What stands at descriptor 2 during a test: the writing end of this pipe. */
static int reader = -1;

static int redirect(void **state)
{
	int ends[2];

	(void)state;
	real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	if (real_stderr < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	if (dup2(ends[1], STDERR_FILENO) < 0 || close(ends[1]) < 0)
		return -1;
	reader = ends[0];
	log_open(LOG_INFO, LOG_AUTO);
	return 0;
}

/* Leaves no count of repeats or of drops behind for the next test. */
static int restore(void **state)
{
	(void)state;
	(void)dup2(real_stderr, STDERR_FILENO);
	(void)close(real_stderr);
	if (reader >= 0)
		(void)close(reader);
	reader = -1;
	log_open(LOG_INFO, LOG_JSON);
	log_flush();
	log_identify(NULL, NULL);
	return 0;
}

/* All that has been written so far; the pipe stays open. */
static const char *drain(void)
{
	static char text[1 << 20];
	ssize_t got;
	size_t length = 0;

	assert_int_equal(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
	while ((got = read(reader, text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	return text;
}

static unsigned lines_with(const char *text, const char *part)
{
	unsigned count = 0;

	while ((text = strstr(text, part)) != NULL) {
		count++;
		text = strchr(text, '\n');
		assert_non_null(text);
	}
	return count;
}

static void test_record_is_a_line_of_json(void **state)
{
	const char *text;
	json_t *object;

	(void)state;
	log_identify("kiln-1", "test");
	log_info("job done", log_text("job_id", "a1"), log_number("exit_code", 3));
	text = drain();
	object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	assert_string_equal(json_string_value(json_object_get(object, "message")), "job done");
	assert_string_equal(json_string_value(json_object_get(object, "engine")), "kiln-1");
	assert_string_equal(json_string_value(json_object_get(object, "environment")), "test");
	assert_string_equal(json_string_value(json_object_get(object, "job_id")), "a1");
	assert_int_equal(json_integer_value(json_object_get(object, "exit_code")), 3);
	json_decref(object);
}

static void test_level_filters(void **state)
{
	static const unsigned expected[] = {4, 3, 2, 1};

	(void)state;
	for (unsigned level = LOG_DEBUG; level <= LOG_ERROR; level++) {
		log_open((enum log_level)level, LOG_JSON);
		log_debug("m");
		log_info("m");
		log_warn("m");
		log_error("m");
		assert_int_equal(lines_with(drain(), "\"message\":\"m\""), expected[level]);
	}
}

static void test_pipe_gets_json_unless_told_otherwise(void **state)
{
	(void)state;
	log_info("one");
	assert_int_equal(drain()[0], '{');
	log_open(LOG_INFO, LOG_PRETTY);
	log_info("two", log_flag("warm", true));
	assert_non_null(strstr(drain(), "Z INFO  two warm=true\n"));
}

static const char *on_terminal(void)
{
	static char text[4096];
	auto_close int terminal = -1;
	auto_close int keyboard = -1;
	ssize_t got;

	assert_int_equal(openpty(&terminal, &keyboard, NULL, NULL, NULL), 0);
	assert_true(dup2(keyboard, STDERR_FILENO) >= 0);
	log_open(LOG_INFO, LOG_AUTO);
	log_warn("m");
	got = read(terminal, text, sizeof(text) - 1);
	assert_true(got > 0);
	text[got] = '\0';
	return text;
}

static void test_terminal_gets_color_unless_told_otherwise(void **state)
{
	(void)state;
	assert_int_equal(unsetenv("NO_COLOR"), 0);
	assert_non_null(strstr(on_terminal(), "Z \033[33mWARN \033[0m m"));
	assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
	assert_non_null(strstr(on_terminal(), "Z WARN  m"));
	assert_int_equal(unsetenv("NO_COLOR"), 0);
}

static void test_repeats_are_counted_and_reported(void **state)
{
	const char *text;

	(void)state;
	for (int i = 0; i < 100; i++)
		log_warn("daemon is away", log_number("attempt", i));
	log_warn("other");
	log_flush();
	log_flush();
	text = drain();
	assert_int_equal(lines_with(text, "\"message\":\"daemon is away\""),
			 LOG_FAULTS_PER_SECOND);
	assert_int_equal(lines_with(text, "\"80 more of: daemon is away\",\"repeats\":80"), 1);
	assert_int_equal(lines_with(text, "\"message\":\"other\""), 1);
}

static void test_repeats_are_reported_with_the_next_record(void **state)
{
	int64_t begin = clock_now_ns();
	const char *text;

	(void)state;
	for (int i = 0; i < LOG_FAULTS_PER_SECOND + 3; i++)
		log_error("lost");
	while (clock_now_ns() - begin < NS_PER_S + 200 * NS_PER_MS)
		(void)usleep(50000);
	log_info("next");
	text = drain();
	assert_int_equal(lines_with(text, "\"message\":\"3 more of: lost\""), 1);
	assert_true(strstr(text, "3 more of") < strstr(text, "\"next\""));
}

static void fill_pipe(void)
{
	char block[4096] = {0};

	assert_int_equal(fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK), 0);
	while (write(STDERR_FILENO, block, sizeof(block)) > 0)
		;
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fcntl(STDERR_FILENO, F_SETFL, 0), 0);
}

static void test_full_pipe_drops_counts_and_recovers(void **state)
{
	int64_t begin;
	double took_ms;
	const char *text;

	(void)state;
	fill_pipe();
	begin = clock_now_ns();
	for (int i = 0; i < 1000; i++)
		log_info("lost");
	took_ms = clock_ms(clock_now_ns() - begin);
	assert_true(took_ms >= LOG_STALL_MS - 1); /* the first was waited with */
	assert_true(took_ms < 20 * LOG_STALL_MS); /* the other 999 were not */
	(void)drain();
	log_info("after");
	text = drain();
	assert_int_equal(lines_with(text, "\"log records dropped\",\"dropped\":1000"), 1);
	assert_int_equal(lines_with(text, "\"message\":\"after\""), 1);
	assert_int_equal(lines_with(text, "\"message\":\"lost\""), 0);
}

/* SIGPIPE has its default action here: it would end the test. */
static void test_pipe_without_reader_does_not_kill(void **state)
{
	auto_close int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
	log_info("to nobody");
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	log_info("to somebody");
	assert_int_equal(lines_with(drain(), "log records dropped\",\"dropped\":1}"), 1);
}

static void test_closed_descriptor_does_not_kill(void **state)
{
	auto_close int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);

	(void)state;
	assert_int_equal(close(STDERR_FILENO), 0);
	log_info("to nobody");
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	log_info("to somebody");
	assert_int_equal(lines_with(drain(), "\"message\":\"to somebody\""), 1);
}

#define WRITERS 4
#define RECORDS 200

static void *write_many(void *arg)
{
	char text[600];

	memset(text, *(const char *)arg, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < RECORDS; i++)
		log_info("from a thread", log_text("text", text), log_number("i", i));
	return NULL;
}

/* Each line must be one writer's alone. */
static void check_line(const char *line, size_t length)
{
	json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	const char *text;

	assert_non_null(object);
	text = json_string_value(json_object_get(object, "text"));
	assert_non_null(text);
	assert_int_equal(strlen(text), 599);
	assert_int_equal(strspn(text, (char[]){text[0], '\0'}), 599);
	json_decref(object);
}

static void test_records_of_threads_do_not_mix(void **state)
{
	static char names[WRITERS] = {'a', 'b', 'c', 'd'};
	static char text[2 << 20];
	pthread_t threads[WRITERS];
	unsigned lines = 0;
	size_t length = 0, begin = 0;

	(void)state;
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(thread_start(&threads[i], "writer", write_many, &names[i]), 0);
	while (lines < WRITERS * RECORDS) {
		ssize_t got = read(reader, text + length, sizeof(text) - length);

		assert_true(got > 0);
		length += (size_t)got;
		for (char *end; (end = memchr(text + begin, '\n', length - begin)); lines++) {
			check_line(text + begin, (size_t)(end - text) - begin);
			begin = (size_t)(end - text) + 1;
		}
	}
	for (int i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_record_is_a_line_of_json, redirect, restore),
		cmocka_unit_test_setup_teardown(test_level_filters, redirect, restore),
		cmocka_unit_test_setup_teardown(test_pipe_gets_json_unless_told_otherwise, redirect,
						restore),
		cmocka_unit_test_setup_teardown(test_terminal_gets_color_unless_told_otherwise,
						redirect, restore),
		cmocka_unit_test_setup_teardown(test_repeats_are_counted_and_reported, redirect,
						restore),
		cmocka_unit_test_setup_teardown(test_repeats_are_reported_with_the_next_record,
						redirect, restore),
		cmocka_unit_test_setup_teardown(test_full_pipe_drops_counts_and_recovers, redirect,
						restore),
		cmocka_unit_test_setup_teardown(test_pipe_without_reader_does_not_kill, redirect,
						restore),
		cmocka_unit_test_setup_teardown(test_closed_descriptor_does_not_kill, redirect,
						restore),
		cmocka_unit_test_setup_teardown(test_records_of_threads_do_not_mix, redirect,
						restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
