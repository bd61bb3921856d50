#include "base/buf.h"

#include "base/cleanup.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

static void appends_come_one_after_the_other(void **state)
{
	auto_buf struct buf b;

	(void)state;
	buf_init(&b, BUF_UNBOUNDED);
	assert_null(b.data);
	assert_int_equal(buf_append(&b, "a\0b", 3), 0);
	assert_int_equal(buf_append_text(&b, "cd"), 0);
	assert_int_equal(buf_append_format(&b, "%d-%s", 7, "e"), 0);
	assert_int_equal(buf_append(&b, NULL, 0), 0);
	assert_int_equal(b.length, 8);
	assert_memory_equal(b.data, "a\0bcd7-e", 8);
	assert_false(buf_failed(&b));
}

static void it_grows_to_its_bound_and_no_further(void **state)
{
	auto_buf struct buf b;

	(void)state;
	buf_init(&b, 1000);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(buf_append(&b, "x", 1), 0);
	assert_int_equal(b.capacity, 1000);
	assert_int_equal(buf_append(&b, "y", 1), -ENOSPC);
	assert_true(buf_failed(&b));
	assert_int_equal(b.length, 1000);
}

static void a_failure_stays(void **state)
{
	auto_buf struct buf b;

	(void)state;
	buf_init(&b, 4);
	assert_int_equal(buf_append(&b, "ab", 2), 0);
	assert_int_equal(buf_append(&b, "cde", 3), -ENOSPC);
	assert_int_equal(buf_append(&b, "c", 1), -ENOSPC);
	assert_int_equal(buf_append(&b, "", 0), -ENOSPC);
	assert_int_equal(b.length, 2);
	assert_null(buf_take_text(&b));
	assert_null(b.data);
}

static void huge_lengths_do_not_overflow(void **state)
{
	auto_buf struct buf b;

	(void)state;
	buf_init(&b, 4096);
	assert_int_equal(buf_append(&b, "ab", 2), 0);
	assert_int_equal(buf_reserve(&b, SIZE_MAX), -ENOSPC);
	buf_reset(&b, SIZE_MAX);
	assert_int_equal(buf_append(&b, "ab", 2), 0);
	assert_int_equal(buf_reserve(&b, SIZE_MAX - 1), -ENOSPC);
}

static void a_reset_gives_large_memory_back(void **state)
{
	auto_buf struct buf b;

	(void)state;
	buf_init(&b, 4096);
	assert_int_equal(buf_reserve(&b, 300), 0);
	assert_int_equal(buf_append(&b, "ab", 2), 0);
	buf_reset(&b, 512);
	assert_int_equal(b.length, 0);
	assert_int_equal(b.capacity, 512);
	assert_int_equal(buf_reserve(&b, 5000), -ENOSPC);
	buf_reset(&b, 511);
	assert_int_equal(b.capacity, 0);
	assert_false(buf_failed(&b));
	assert_int_equal(buf_append(&b, "cd", 2), 0);
}

static void text_is_handed_over_with_its_nul(void **state)
{
	struct buf b;
	char *text;

	(void)state;
	buf_init(&b, 3);
	assert_int_equal(buf_append_text(&b, "abc"), 0);
	text = buf_take_text(&b);
	assert_string_equal(text, "abc");
	free(text);
	assert_null(b.data);

	buf_init(&b, BUF_UNBOUNDED);
	text = buf_take_text(&b);
	assert_string_equal(text, "");
	free(text);
	buf_fini(&b);
	buf_fini(&b);
}

static void memory_that_is_gone_is_reported(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, BUF_UNBOUNDED);
	alloc_fail_at(1);
	assert_int_equal(buf_append(&b, "a", 1), -ENOMEM);
	alloc_fail_at(0);
	assert_true(buf_failed(&b));
	buf_reset(&b, 0);
	assert_int_equal(buf_append(&b, "abc", 3), 0);
	assert_int_equal(buf_reserve(&b, b.capacity - b.length), 0);
	b.length = b.capacity;
	alloc_fail_at(1);
	assert_null(buf_take_text(&b));
	alloc_fail_at(0);
}

static void scopes_clean_up(void **state)
{
	auto_free char *kept = strdup("kept");
	char *taken;

	(void)state;
	{
		auto_free char *inner = take_ptr(&kept);

		assert_null(kept);
		assert_string_equal(inner, "kept");
		taken = take_ptr(&inner);
	}
	assert_string_equal(taken, "kept");
	free(taken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_come_one_after_the_other),
		cmocka_unit_test(it_grows_to_its_bound_and_no_further),
		cmocka_unit_test(a_failure_stays),
		cmocka_unit_test(huge_lengths_do_not_overflow),
		cmocka_unit_test(a_reset_gives_large_memory_back),
		cmocka_unit_test(text_is_handed_over_with_its_nul),
		cmocka_unit_test(memory_that_is_gone_is_reported),
		cmocka_unit_test(scopes_clean_up),
	};

	return cmocka_run_group_tests_name("base buf", tests, NULL, NULL);
}
