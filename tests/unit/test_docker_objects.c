/* An endless answer is split into its JSON objects. */
#include "docker/objects.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char stream[] = "{\"a\":1}{\"b\":{\"c\":[{},[]]}}\r\n \t{\"}\":\"{\\\"\\\\\"}\n{}\n";
static const char *const objects_of_stream[] = {
	"{\"a\":1}", "{\"b\":{\"c\":[{},[]]}}", "{\"}\":\"{\\\"\\\\\"}", "{}"};
#define OBJECTS (sizeof(objects_of_stream) / sizeof(objects_of_stream[0]))

/* Takes all that is whole, compares it, and counts on. */
static void take_all(struct docker_objects *objects, size_t *count)
{
	const char *text;
	size_t length;

	while (docker_objects_next(objects, &text, &length) == 1) {
		assert_true(*count < OBJECTS);
		assert_int_equal(length, strlen(objects_of_stream[*count]));
		assert_memory_equal(text, objects_of_stream[*count], length);
		*count += 1;
	}
}

static void test_split_anywhere(void **state)
{
	(void)state;
	for (size_t first = 0; first < sizeof(stream); first++) {
		struct docker_objects objects;
		size_t count = 0;

		docker_objects_init(&objects);
		assert_int_equal(docker_objects_add(&objects, stream, first), 0);
		take_all(&objects, &count);
		assert_int_equal(docker_objects_add(&objects, stream + first,
						    sizeof(stream) - 1 - first), 0);
		take_all(&objects, &count);
		assert_int_equal(count, OBJECTS);
		docker_objects_fini(&objects);
	}
}

static void test_byte_by_byte(void **state)
{
	struct docker_objects objects;
	size_t count = 0;

	(void)state;
	docker_objects_init(&objects);
	for (size_t i = 0; i < sizeof(stream) - 1; i++) {
		assert_int_equal(docker_objects_add(&objects, stream + i, 1), 0);
		take_all(&objects, &count);
	}
	assert_int_equal(count, OBJECTS);
	docker_objects_fini(&objects);
}

static void test_other_bytes_are_refused(void **state)
{
	static const char *const bad[] = {"x", "[]", "\"{}\"", "1", "}", "\x1e{}"};
	const char *text;
	size_t length;

	(void)state;
	for (size_t i = 0; i <= sizeof(bad) / sizeof(bad[0]); i++) {
		bool is_nul = i == sizeof(bad) / sizeof(bad[0]);
		struct docker_objects objects;

		docker_objects_init(&objects);
		assert_int_equal(docker_objects_add(&objects, is_nul ? "" : bad[i],
						    is_nul ? 1 : strlen(bad[i])), 0);
		assert_int_equal(docker_objects_next(&objects, &text, &length), -EPROTO);
		docker_objects_fini(&objects);
	}
}

static void test_memory_is_bounded_and_given_back(void **state)
{
	static char chunk[64 * 1024];
	struct docker_objects objects;
	const char *text;
	size_t length, added = 0;
	int result;

	(void)state;
	memset(chunk, '[', sizeof(chunk));
	chunk[0] = '{';
	docker_objects_init(&objects);
	do {
		result = docker_objects_add(&objects, chunk, sizeof(chunk));
		added += sizeof(chunk);
		if (result == 0)
			assert_int_equal(docker_objects_next(&objects, &text, &length), 0);
	} while (result == 0 && added < 2 * DOCKER_OBJECTS_MAX);
	assert_int_equal(result, -ENOSPC);
	assert_true(objects.data.length <= DOCKER_OBJECTS_MAX);

	docker_objects_reset(&objects);
	for (unsigned i = 0; i < 100000; i++) {
		assert_int_equal(docker_objects_add(&objects, stream, sizeof(stream) - 1), 0);
		for (size_t j = 0; j < OBJECTS; j++)
			assert_int_equal(docker_objects_next(&objects, &text, &length), 1);
	}
	assert_true(objects.data.capacity <= 64 * 1024);
	docker_objects_fini(&objects);
}

static void test_allocation_failure(void **state)
{
	struct docker_objects objects;
	const char *text;
	size_t length;

	(void)state;
	docker_objects_init(&objects);
	alloc_fail_at(1);
	assert_int_equal(docker_objects_add(&objects, "{}", 2), -ENOMEM);
	assert_true(alloc_failed());
	alloc_fail_at(0);
	assert_int_equal(docker_objects_next(&objects, &text, &length), 0);
	docker_objects_fini(&objects);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split_anywhere),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_other_bytes_are_refused),
		cmocka_unit_test(test_memory_is_bounded_and_given_back),
		cmocka_unit_test(test_allocation_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
