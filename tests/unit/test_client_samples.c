#include "client/bench_report.h"
#include "client/samples.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "support/alloc.h"

#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs those above it. */
#include <cmocka.h>

static void add_ms(struct samples *samples, int64_t ms)
{
	assert_int_equal(samples_add(samples, ms * NS_PER_MS), 0);
}

static void test_percentiles_are_of_the_nearest_rank(void **state)
{
	struct samples samples = {0};
	struct summary summary = samples_summarize(&samples);

	(void)state;
	assert_int_equal(summary.count, 0);
	assert_true(summary.p50_ms == 0 && summary.max_ms == 0);

	add_ms(&samples, 30);
	summary = samples_summarize(&samples);
	assert_true(summary.p50_ms == 30 && summary.p99_ms == 30 && summary.max_ms == 30);

	add_ms(&samples, 10);
	add_ms(&samples, 20);
	summary = samples_summarize(&samples);
	assert_true(summary.p50_ms == 20 && summary.p95_ms == 30);
	samples_fini(&samples);

	for (int64_t ms = 200; ms > 0; ms--)
		add_ms(&samples, ms);
	summary = samples_summarize(&samples);
	assert_int_equal(summary.count, 200);
	assert_true(summary.p50_ms == 100 && summary.p95_ms == 190);
	assert_true(summary.p99_ms == 198 && summary.max_ms == 200);
	samples_fini(&samples);
}

static void test_samples_merge_and_grow(void **state)
{
	struct samples all = {0}, more = {0};

	(void)state;
	assert_int_equal(samples_merge(&all, &more), 0);
	for (int i = 0; i < 5000; i++)
		add_ms(&more, i);
	assert_int_equal(samples_merge(&all, &more), 0);
	assert_int_equal(samples_merge(&all, &more), 0);
	assert_int_equal(all.count, 10000);
	assert_int_equal(all.ns[9999], 4999 * NS_PER_MS);
	more.count = SAMPLES_MAX;
	assert_int_equal(samples_merge(&all, &more), -ENOSPC);
	assert_int_equal(samples_add(&more, 1), -ENOSPC);
	samples_fini(&all);
	samples_fini(&more);
}

static void test_memory_runs_out(void **state)
{
	struct samples samples = {0};

	(void)state;
	alloc_fail_at(1);
	assert_int_equal(samples_add(&samples, 1), -ENOMEM);
	alloc_fail_at(0);
	assert_int_equal(samples.count, 0);
	add_ms(&samples, 1);
	samples_fini(&samples);
}

static struct load_report make_report(void)
{
	struct load_report report = {.elapsed_ns = 2 * NS_PER_S};

	for (int64_t ms = 1; ms <= 100; ms++)
		add_ms(&report.latencies, ms);
	report.outcomes[ATTEMPT_OK] = 100;
	report.outcomes[VERDICT_BUSY] = 3;
	report.outcomes[ATTEMPT_NO_REPLY] = 1;
	return report;
}

static char *format_load(bool json)
{
	struct bench_options options = {.language = "python", .concurrency = 4, .json = json};
	struct load_report report = make_report();
	struct buf text;

	assert_int_equal(bench_report_failed(&report), 4);
	buf_init(&text, 65536);
	bench_report_load(&options, &report, &text);
	load_report_fini(&report);
	return buf_take_text(&text);
}

static void test_a_load_is_told(void **state)
{
	auto_free char *text = format_load(false);
	auto_free char *json = format_load(true);
	json_t *root = json_loads(json, 0, NULL);
	const json_t *outcomes = json_object_get(root, "outcomes");
	const json_t *latency = json_object_get(root, "latency_ms");

	(void)state;
	assert_non_null(strstr(text, "100 succeeded in 2.00 s, 4 outstanding"));
	assert_non_null(strstr(text, "jobs per second  50.0"));
	assert_non_null(strstr(text, "p50 50.00  p95 95.00  p99 99.00  max 100.00"));
	assert_non_null(strstr(text, "failed           4  busy 3  no_reply 1\n"));
	assert_true(json_real_value(json_object_get(root, "jobs_per_second")) == 50);
	assert_true(json_real_value(json_object_get(latency, "p95")) == 95);
	assert_int_equal(json_integer_value(json_object_get(outcomes, "ok")), 100);
	assert_int_equal(json_integer_value(json_object_get(outcomes, "busy")), 3);
	assert_int_equal(json_object_size(outcomes), 3);
	assert_ptr_equal(strchr(json, '\n'), json + strlen(json) - 1);
	json_decref(root);
}

static char *format_ways(bool json)
{
	struct bench_options options = {.file = "a.py", .language = "python", .json = json};
	struct way_report reports[WAY_COUNT] = {0};
	struct buf text;

	add_ms(&reports[WAY_NATS].samples, 2);
	add_ms(&reports[WAY_EXEC].samples, 50);
	reports[WAY_EXEC].failed = 1;
	add_ms(&reports[WAY_LOCAL].samples, 13);
	(void)snprintf(reports[WAY_INSIDE].absent, sizeof(reports[WAY_INSIDE].absent), "no bash");
	buf_init(&text, 65536);
	bench_report_ways(&options, plain_find("python"), reports, &text);
	compare_fini(reports);
	return buf_take_text(&text);
}

static void test_ways_are_told_side_by_side(void **state)
{
	auto_free char *text = format_ways(false);
	auto_free char *json = format_ways(true);
	json_t *root = json_loads(json, 0, NULL);
	const json_t *ways = json_object_get(root, "compared");
	const json_t *inside = json_object_get(ways, "inside_image");
	const json_t *exec = json_object_get(ways, "docker_exec");

	(void)state;
	assert_non_null(strstr(text, "plain command: python3 FILE"));
	assert_non_null(strstr(text, "25.00x       1\n"));
	assert_non_null(strstr(text, "6.50x       0\n"));
	assert_non_null(strstr(text, "not measured: no bash\n"));
	assert_string_equal(json_string_value(json_object_get(inside, "absent")), "no bash");
	assert_true(json_real_value(json_object_get(exec, "ratio")) == 25);
	assert_int_equal(json_integer_value(json_object_get(exec, "failed")), 1);
	assert_int_equal(json_object_size(ways), WAY_COUNT);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percentiles_are_of_the_nearest_rank),
		cmocka_unit_test(test_samples_merge_and_grow),
		cmocka_unit_test(test_memory_runs_out),
		cmocka_unit_test(test_a_load_is_told),
		cmocka_unit_test(test_ways_are_told_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
