/* PREPARE and WARM: sets of names, whole and malformed. */
#include "frame/warm.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_set_holds_each_name_once(void **state)
{
	struct warm_set set = {0};

	(void)state;
	warm_set_add(&set, "python");
	warm_set_add(&set, "python");
	assert_int_equal(set.count, 1);
	assert_true(warm_set_has(&set, "python"));
	assert_false(warm_set_has(&set, "pytho"));
	warm_set_add(&set, "a name that is longer than any language's");
	assert_int_equal(set.count, 1);
	for (unsigned i = 0; i < WARM_MAX; i++)
		warm_set_add(&set, (const char *[]){"a", "b", "c"}[i]);
	assert_int_equal(set.count, WARM_MAX);
	assert_false(warm_set_has(&set, "c"));
}

static void the_order_does_not_matter(void **state)
{
	struct warm_set one = {0}, other = {0};

	(void)state;
	assert_true(warm_set_equal(&one, &other));
	warm_set_add(&one, "python");
	assert_false(warm_set_equal(&one, &other));
	warm_set_add(&other, "javascript");
	assert_false(warm_set_equal(&one, &other));
	warm_set_add(&one, "javascript");
	warm_set_add(&other, "python");
	assert_true(warm_set_equal(&one, &other));
}

static void what_is_sent_arrives(void **state)
{
	struct warm_set sent = {0}, got;
	auto_buf struct buf b;

	(void)state;
	buf_init(&b, BUF_UNBOUNDED);
	warm_set_add(&sent, "python");
	warm_set_add(&sent, "javascript");
	warm_set_encode(&b, FRAME_WARM, &sent);
	assert_false(buf_failed(&b));
	assert_int_equal(b.data[4], FRAME_WARM);
	assert_int_equal(warm_set_decode(&got, b.data + FRAME_HEADER_BYTES,
					 b.length - FRAME_HEADER_BYTES),
			 0);
	assert_true(warm_set_equal(&sent, &got));
	/* Cut anywhere, it is malformed. */
	for (size_t length = 0; length < b.length - FRAME_HEADER_BYTES; length++)
		assert_int_equal(warm_set_decode(&got, b.data + FRAME_HEADER_BYTES, length),
				 -EBADMSG);
}

#define assert_malformed(text)                                                                     \
	assert_int_equal(warm_set_decode(&(struct warm_set){0}, (const uint8_t *)(text),           \
					 sizeof(text) - 1),                                        \
			 -EBADMSG)

static void nonsense_is_malformed(void **state)
{
	(void)state;
	assert_malformed("\1\0\0\0\0");                                  /* an empty name */
	assert_malformed("\1\2\0\0\0a\0");                               /* a NUL within */
	assert_malformed("\2\1\0\0\0a\1\0\0\0a");                        /* twice */
	assert_malformed("\4\1\0\0\0a\1\0\0\0b\1\0\0\0c\1\0\0\0d");      /* too many */
	assert_malformed("\1\1\0\0\0aa");                                /* more behind it */
	assert_malformed("\1\377\377\377\377a");                         /* too long */
	assert_malformed("\1\40\0\0\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"); /* by one */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_set_holds_each_name_once),
		cmocka_unit_test(the_order_does_not_matter),
		cmocka_unit_test(what_is_sent_arrives),
		cmocka_unit_test(nonsense_is_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
