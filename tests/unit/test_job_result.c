#include "job/result.h"

#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

#define auto_result __attribute__((cleanup(result_fini)))

static void spans_tell_whose_bytes_they_are(void **state)
{
	auto_result struct result result;
	struct output *output = &result.output;

	(void)state;
	result_init(&result, 100);
	assert_int_equal(output_append(output, STREAM_STDOUT, "ab", 2), 0);
	assert_int_equal(output_append(output, STREAM_STDOUT, "c", 1), 0);
	assert_int_equal(output_append(output, STREAM_STDERR, NULL, 0), 0);
	assert_int_equal(output_append(output, STREAM_STDOUT, "d", 1), 0);
	assert_int_equal(output_append(output, STREAM_STDERR, "ef", 2), 0);
	assert_int_equal(output_append(output, STREAM_COMPILE, "g", 1), 0);
	assert_int_equal(output_append(output, STREAM_STDOUT, "h", 1), 0);
	assert_int_equal(output->bytes.length, 8);
	assert_memory_equal(output->bytes.data, "abcdefgh", 8);
	assert_int_equal(output->spans_count, 4);
	assert_int_equal(output->spans[0].length, 4);
	assert_int_equal(output->spans[1].stream, STREAM_STDERR);
	assert_int_equal(output_stream_bytes(output, STREAM_STDOUT), 5);
	assert_int_equal(output_stream_bytes(output, STREAM_STDERR), 2);
	assert_int_equal(output_stream_bytes(output, STREAM_COMPILE), 1);
}

static void output_is_bounded(void **state)
{
	auto_result struct result result;

	(void)state;
	result_init(&result, 4);
	assert_int_equal(output_append(&result.output, STREAM_STDOUT, "abc", 3), 0);
	assert_int_equal(output_append(&result.output, STREAM_STDERR, "de", 2), -ENOSPC);
	assert_int_equal(result.output.bytes.length, 3);
	assert_int_equal(output_stream_bytes(&result.output, STREAM_STDERR), 0);
}

static void spans_are_bounded(void **state)
{
	auto_result struct result result;
	size_t appended = 0;

	(void)state;
	result_init(&result, BUF_UNBOUNDED);
	while (appended < (2u << 20) &&
	       output_append(&result.output, appended % 2 == 0 ? STREAM_STDOUT : STREAM_STDERR, "x",
			     1) == 0)
		appended++;
	assert_int_equal(appended, 1u << 20);
	assert_int_equal(result.output.spans_count, appended);
	assert_int_equal(result.output.bytes.length, appended);
	/* The last span goes on. */
	assert_int_equal(output_append(&result.output, STREAM_STDERR, "y", 1), 0);
	assert_int_equal(output_append(&result.output, STREAM_STDOUT, "z", 1), -ENOSPC);
}

static void a_reset_makes_it_new(void **state)
{
	auto_result struct result result;

	(void)state;
	result_init(&result, 4);
	assert_int_equal(output_append(&result.output, STREAM_STDOUT, "abcd", 4), 0);
	assert_int_equal(output_append(&result.output, STREAM_STDOUT, "e", 1), -ENOSPC);
	result_refuse(&result, VERDICT_BUSY, "n %d", 1);
	result.outcome.run.ran = true;
	result_reset(&result);
	assert_int_equal(result.verdict, VERDICT_OK);
	assert_string_equal(result.error, "");
	assert_false(result.outcome.run.ran);
	assert_int_equal(result.output.spans_count, 0);
	assert_int_equal(output_append(&result.output, STREAM_STDOUT, "abcd", 4), 0);
	assert_int_equal(output_append(&result.output, STREAM_STDOUT, "e", 1), -ENOSPC);
}

static void a_refusal_has_its_reason(void **state)
{
	auto_result struct result result;
	char text[400];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	result_init(&result, 0);
	result_refuse(&result, VERDICT_BUSY, "job queue full, max capacity: %d", 5);
	assert_int_equal(result.verdict, VERDICT_BUSY);
	assert_string_equal(result.error, "job queue full, max capacity: 5");
	result_refuse(&result, VERDICT_REJECTED, "%s", text);
	assert_int_equal(strlen(result.error), sizeof(result.error) - 1);
}

static void a_conclusion_follows_from_the_outcome(void **state)
{
	auto_result struct result result;

	(void)state;
	result_init(&result, 0);
	result.outcome.run = (struct stage_report){.ran = true, .exit_code = 7};
	result_conclude(&result);
	assert_int_equal(result.verdict, VERDICT_RUNTIME_ERROR);
	assert_string_equal(result.error, "execution error: exit status 7");
	result.outcome.run.exit_code = 0;
	result_conclude(&result);
	assert_int_equal(result.verdict, VERDICT_OK);
	assert_string_equal(result.error, "");
}

/* Whatever fails, the spans and the bytes agree. */
static void memory_that_is_gone_is_survived(void **state)
{
	unsigned n;

	(void)state;
	for (n = 1; n <= ALLOC_RUNS; n++) {
		auto_result struct result result;
		size_t appended = 0;
		bool failed;

		result_init(&result, BUF_UNBOUNDED);
		alloc_fail_at(n);
		for (unsigned i = 0; i < 2000; i++) {
			int code = output_append(&result.output, (enum stream)(1 + i % 3), "x", 1);

			assert_true(code == 0 || code == -ENOMEM || code == -ENOSPC);
			appended += code == 0;
		}
		failed = alloc_failed();
		alloc_fail_at(0);
		assert_int_equal(result.output.bytes.length, appended);
		assert_int_equal(output_stream_bytes(&result.output, STREAM_STDOUT) +
					 output_stream_bytes(&result.output, STREAM_STDERR) +
					 output_stream_bytes(&result.output, STREAM_COMPILE),
				 appended);
		if (!failed)
			break;
		assert_true(appended < 2000);
	}
	assert_in_range(n, 5, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_tell_whose_bytes_they_are),
		cmocka_unit_test(output_is_bounded),
		cmocka_unit_test(spans_are_bounded),
		cmocka_unit_test(a_reset_makes_it_new),
		cmocka_unit_test(a_refusal_has_its_reason),
		cmocka_unit_test(a_conclusion_follows_from_the_outcome),
		cmocka_unit_test(memory_that_is_gone_is_survived),
	};

	return cmocka_run_group_tests_name("job result", tests, NULL, NULL);
}
