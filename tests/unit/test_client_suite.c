#include "client/suite_options.h"
#include "client/suite_report.h"
#include "client/suite_row.h"
#include "client/suite_work.h"

#include "base/cleanup.h"
#include "client/args.h"
#include "client/client.h"
#include "support/alloc.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka needs those above it. */
#include <cmocka.h>

static void test_every_work_prints_its_number(void **state)
{
	char source[SUITE_SOURCE_BYTES], other[SUITE_SOURCE_BYTES];
	char expected[SUITE_EXPECTED_BYTES];

	(void)state;
	suite_work_expected(999999999, expected, sizeof(expected));
	assert_string_equal(expected, "hello 999999999\n");
	for (size_t i = 0; i < SUITE_WORKS; i++) {
		const struct suite_work *work = &suite_works[i];
		size_t length = suite_work_source(work, 123456789, source, sizeof(source));

		assert_int_equal(length, strlen(source));
		assert_non_null(strstr(source, "123456789"));
		assert_null(strstr(source, "NUMBER"));
		assert_int_not_equal(suite_work_source(work, 1, other, sizeof(other)), 0);
		assert_string_not_equal(source, other);
		assert_int_equal(suite_work_source(work, 1, other, 8), 0);
		assert_non_null(work->local[0]);
		assert_null(work->local[SUITE_LOCAL_ARGS]);
		assert_true(work->target.value > 0);
	}
}

static void test_a_program_of_a_given_size(void **state)
{
	char source[SUITE_SOURCE_BYTES];

	(void)state;
	assert_int_equal(suite_work_padded(&suite_works[0], 7, 1024, source, sizeof(source)), 1024);
	assert_int_equal(strlen(source), 1024);
	assert_int_equal(strncmp(source, "print('hello', 7)\n###", 21), 0);
	assert_int_equal(suite_work_padded(&suite_works[0], 7, 4, source, sizeof(source)), 0);
	assert_int_equal(
		suite_work_padded(&suite_works[0], 7, sizeof(source), source, sizeof(source)), 0);
}

static void test_values_and_targets_as_one_reads_them(void **state)
{
	const struct suite_target most = {SUITE_TIMES, false, 0.25};
	const struct suite_target least = {SUITE_PERCENT, true, 25};
	char text[40];

	(void)state;
	suite_format_value(0.254, SUITE_TIMES, text, sizeof(text));
	assert_string_equal(text, "0.25 x");
	suite_format_value(13.46, SUITE_MS, text, sizeof(text));
	assert_string_equal(text, "13.5 ms");
	suite_format_value(1234.5, SUITE_US, text, sizeof(text));
	assert_string_equal(text, "1234 us");
	suite_format_target(&most, text, sizeof(text));
	assert_string_equal(text, "at most 0.25 x");
	suite_format_target(&least, text, sizeof(text));
	assert_string_equal(text, "at least 25 %");
	suite_copy_text("a\nb\xff\n", text, sizeof(text));
	assert_string_equal(text, "a?b?");
	suite_copy_text("abcdef", text, 4);
	assert_string_equal(text, "abc");
	assert_true(suite_ratio(3, 0) == 0 && suite_ratio(3, 2) == 1.5);
}

static void test_what_meets_a_target(void **state)
{
	struct suite_row row = {.target = {SUITE_TIMES, false, 0.25}, .measured = 0.25};

	(void)state;
	assert_int_equal(suite_row_mark(&row), SUITE_MET);
	row.failed = 1;
	assert_int_equal(suite_row_mark(&row), SUITE_MISSED);
	row.failed = 0;
	row.measured = 0.26;
	assert_int_equal(suite_row_mark(&row), SUITE_MISSED);
	row.target.at_least = true;
	assert_int_equal(suite_row_mark(&row), SUITE_MET);
	suite_row_leave_out(&row, "no docker");
	assert_int_equal(suite_row_mark(&row), SUITE_ABSENT);
}

static struct summary summary_of(double p50_ms)
{
	return (struct summary){.count = 200,
				.p50_ms = p50_ms,
				.p95_ms = 2 * p50_ms,
				.p99_ms = 3 * p50_ms,
				.max_ms = 4 * p50_ms};
}

/* A row that is met, one that is missed by far, one of another unit, and one without a figure. */
static struct suite_report make_report(void)
{
	struct suite_report report = {
		.engine = "a<b>&\"c", .engine_version = "1.2.3", .cores = 2, .samples = 200,
		.samples_slow = 20};
	struct suite_row *row = suite_report_add(&report, "one", "One <hello>",
						 (struct suite_target){SUITE_TIMES, false, 0.25});

	row->beside = "one.py";
	row->kiln = summary_of(2);
	row->local = summary_of(10);
	row->measured = 0.2;
	row = suite_report_add(&report, "two", "Two", (struct suite_target){SUITE_MS, false, 3});
	row->kiln = summary_of(300);
	row->measured = 300;
	row->failed = 1;
	suite_copy_text("prints 'x'", row->note, sizeof(row->note));
	row = suite_report_add(&report, "three", "Three",
			       (struct suite_target){SUITE_TIMES, true, 25});
	row->measured = 30;
	row->kiln_rate = 300;
	row->local_rate = 10;
	row = suite_report_add(&report, "four", "Four",
			       (struct suite_target){SUITE_PERCENT, false, 0.5});
	suite_row_leave_out(row, "no kilnd here");
	return report;
}

static char *format_report(void (*writer)(const struct suite_report *, struct buf *))
{
	struct suite_report report = make_report();
	struct buf text;

	buf_init(&text, 65536);
	writer(&report, &text);
	return buf_take_text(&text);
}

static void test_the_table(void **state)
{
	auto_free char *text = format_report(suite_report_table);

	(void)state;
	assert_non_null(strstr(text, "medians of 200 runs (20 where"));
	assert_non_null(strstr(text, "2.00 ms    10.0 ms     0.20 x   at most 0.25 x   met\n"
				     "    beside it: one.py\n"));
	assert_non_null(strstr(text, "300 ms   at most 3 ms     MISSED\n"
				     "    1 went wrong: prints 'x'\n"));
	assert_non_null(strstr(text, "30.0 x   at least 25 x    met\n"));
	assert_non_null(strstr(text, "    not measured: no kilnd here\n"));
	assert_non_null(strstr(text, "\n2 met, 1 missed, 1 not measured\n"));
}

static void test_the_json(void **state)
{
	auto_free char *text = format_report(suite_report_json);
	json_t *root = json_loads(text, 0, NULL);
	const json_t *rows = json_object_get(root, "rows");
	const json_t *one = json_array_get(rows, 0);
	const json_t *three = json_array_get(rows, 2);
	const json_t *four = json_array_get(rows, 3);
	const json_t *kiln = json_object_get(one, "kiln_ms");

	(void)state;
	assert_int_equal(json_array_size(rows), 4);
	assert_string_equal(json_string_value(json_object_get(one, "result")), "met");
	assert_true(json_real_value(json_object_get(kiln, "p95")) == 4);
	assert_true(json_real_value(json_object_get(three, "kiln_jobs_per_second")) == 300);
	assert_true(json_is_null(json_object_get(three, "kiln_ms")));
	assert_true(json_is_null(json_object_get(four, "measured")));
	assert_string_equal(json_string_value(json_object_get(four, "result")), "not measured");
	assert_string_equal(json_string_value(json_object_get(four, "absent")), "no kilnd here");
	json_decref(root);
}

static void test_the_picture(void **state)
{
	auto_free char *text = format_report(suite_report_svg);

	(void)state;
	assert_int_equal(strncmp(text, "<svg xmlns=", 11), 0);
	assert_non_null(strstr(text, "</svg>\n"));
	assert_non_null(strstr(text, "a&lt;b&gt;&amp;\"c"));
	assert_non_null(strstr(text, "One &lt;hello&gt;"));
	assert_non_null(strstr(text, "0.20 x: 2.00 ms of 10.0 ms; at most 0.25 x"));
	/* 0.2 of 1.1 of the width; then the bar that leaves the picture. */
	assert_non_null(strstr(text, "width=\"78.2\""));
	assert_non_null(strstr(text, "class=\"cut\""));
	assert_non_null(strstr(text, "not measured"));
}

static void test_memory_runs_out(void **state)
{
	void (*const writers[])(const struct suite_report *, struct buf *) = {
		suite_report_table, suite_report_json, suite_report_svg};

	(void)state;
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		auto_free char *whole = format_report(writers[i]);
		unsigned n = 1;

		for (; n <= ALLOC_RUNS; n++) {
			auto_free char *text = NULL;
			bool failed;

			alloc_fail_at(n);
			text = format_report(writers[i]);
			failed = alloc_failed();
			alloc_fail_at(0);
			/* All of it, or nothing. */
			if (text != NULL)
				assert_string_equal(text, whole);
			if (!failed)
				break;
			assert_null(text);
		}
		assert_true(n > 1 && n < ALLOC_RUNS);
	}
}

/* Splits a line at its spaces into an argv that lives until the next call. */
static int parse(const char *line, struct suite_options *options, char *complaint, size_t size)
{
	static char text[512];
	static char *argv[32];
	FILE *file = tmpfile();
	int saved_fd = dup(STDERR_FILENO);
	int argc = 0, status;

	(void)snprintf(text, sizeof(text), "%s", line);
	for (char *rest = text, *word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	assert_non_null(file);
	assert_true(suite_options_asked(argc, argv));
	(void)dup2(fileno(file), STDERR_FILENO);
	status = suite_options_parse(argc, argv, options);
	(void)fflush(stderr);
	(void)dup2(saved_fd, STDERR_FILENO);
	(void)close(saved_fd);
	rewind(file);
	complaint[fread(complaint, 1, size - 1, file)] = '\0';
	(void)fclose(file);
	return status;
}

static void test_the_command_line(void **state)
{
	static char bench[] = "bench", end[] = "--", suite[] = "--suite";
	char *without[] = {bench, end, suite, NULL};
	struct suite_options options;
	char complaint[512];

	(void)state;
	assert_false(suite_options_asked(3, without));
	assert_int_equal(parse("bench --suite", &options, complaint, sizeof(complaint)), ARGS_GO);
	assert_int_equal(options.samples, 200);
	assert_int_equal(options.samples_slow, 200);
	assert_int_equal(options.long_jobs, 0);
	assert_true(suite_options_want(&options, "go_new"));
	assert_int_equal(parse("bench --quick --suite --strict --long --json a --svg b --pid 7 "
			       "--only c_seen,idle --server nats://h --timeout 2",
			       &options, complaint, sizeof(complaint)),
			 ARGS_GO);
	assert_int_equal(options.samples, 200);
	assert_int_equal(options.samples_slow, 20);
	assert_int_equal(options.long_jobs, 100000);
	assert_int_equal(options.pid, 7);
	assert_int_equal(options.timeout_ms, 2000);
	assert_string_equal(options.json_path, "a");
	assert_string_equal(options.svg_path, "b");
	assert_true(options.strict);
	assert_true(suite_options_want(&options, "c_seen"));
	assert_true(suite_options_want(&options, SUITE_PART_IDLE));
	assert_false(suite_options_want(&options, "c_see"));
	assert_false(suite_options_want(&options, SUITE_PART_CPU));
	assert_int_equal(parse("bench --suite --quick --samples 3 --long=80", &options, complaint,
			       sizeof(complaint)),
			 ARGS_GO);
	assert_int_equal(options.samples_slow, 3);
	assert_int_equal(options.long_jobs, 80);
}

static const struct {
	const char *line;
	const char *says;
} refused[] = {
	{"bench --suite a.py", "unexpected 'a.py'"},
	{"bench --suite --samples 0", "--samples 0: not a whole number from 1"},
	{"bench --suite --long=1", "--long 1: not a whole number from 40"},
	{"bench --suite --only c_seen,d", "there is no part 'd'"},
	{"bench --suite --only ", "there is no part ''"},
	{"bench --suite --pid x", "--pid x"},
	{"bench --suite --timeout x", "--timeout x: not a number of seconds"},
	{"bench --suite --sample 3 --smaples 2", "did you mean '--samples'?"},
	{"bench --suite --json", "--json needs a value"},
	{"bench --suite -- x", "unexpected 'x'"},
};

static void test_a_wrong_command_line_is_refused_by_name(void **state)
{
	struct suite_options options;
	char complaint[512];

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_int_equal(parse(refused[i].line, &options, complaint, sizeof(complaint)),
				 CLIENT_USAGE);
		assert_non_null(strstr(complaint, refused[i].says));
		assert_non_null(strstr(complaint, "See: kiln bench --suite --help\n"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_work_prints_its_number),
		cmocka_unit_test(test_a_program_of_a_given_size),
		cmocka_unit_test(test_values_and_targets_as_one_reads_them),
		cmocka_unit_test(test_what_meets_a_target),
		cmocka_unit_test(test_the_table),
		cmocka_unit_test(test_the_json),
		cmocka_unit_test(test_the_picture),
		cmocka_unit_test(test_memory_runs_out),
		cmocka_unit_test(test_the_command_line),
		cmocka_unit_test(test_a_wrong_command_line_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
