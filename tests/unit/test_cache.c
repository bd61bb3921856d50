/* The compile cache: what it finds, what it keeps, and who frees it. */
#include "cache/cache.h"

#include "cache/siphash.h"
#include "job/job.h"
#include "support/alloc.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define IMAGE "sha256:0123"

/* The first values of the reference implementation: key 00 01 … 0f, input 00 01 …. */
static void siphash_is_siphash(void **state)
{
	static const struct {
		size_t length;
		uint64_t expected;
	} vectors[] = {
		{0, UINT64_C(0x726fdb47dd0e0e31)},  {1, UINT64_C(0x74f839c593dc67fd)},
		{2, UINT64_C(0x0d6c8009d9a94f5a)},  {8, UINT64_C(0x93f5f5799a932462)},
		{15, UINT64_C(0xa129ca6149be45e5)},
	};
	const struct siphash_key key = {
		{UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}};
	uint8_t input[15];

	(void)state;
	for (uint8_t i = 0; i < sizeof(input); i++)
		input[i] = i;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		assert_int_equal(siphash(&key, input, vectors[i].length), vectors[i].expected);
}

/* A job with texts in place of all that it owns. */
struct sample {
	const char *image;
	const char *language;
	const char *code;
	const char *files[4]; /* name, content, name, content */
};

static void make_key(struct buf *key, const struct sample *sample)
{
	struct job_file files[2] = {0};
	struct job job = {.files = files};

	job.language = strdup(sample->language);
	job.code.data = (uint8_t *)strdup(sample->code);
	job.code.length = strlen(sample->code);
	for (; job.files_count < 2 && sample->files[2 * job.files_count] != NULL;
	     job.files_count++) {
		const char *const *texts = &sample->files[2 * job.files_count];

		files[job.files_count].name = strdup(texts[0]);
		files[job.files_count].content.data = (uint8_t *)strdup(texts[1]);
		files[job.files_count].content.length = strlen(texts[1]);
	}
	assert_int_equal(cache_key_init(key, sample->image, &job), 0);
	for (size_t i = 0; i < job.files_count; i++) {
		free(files[i].name);
		free(files[i].content.data);
	}
	free(job.language);
	free(job.code.data);
}

/* The key of a program that is told from others by its number alone. */
static void number_key(struct buf *key, unsigned number)
{
	char code[32];

	(void)snprintf(code, sizeof(code), "program %u", number);
	make_key(key, &(struct sample){.image = IMAGE, .language = "c", .code = code});
}

static struct artifact_reader some_artifact(size_t length, int byte)
{
	struct artifact_reader reader = {.data = malloc(length), .length = length,
					 .filled = length};

	memset(reader.data, byte, length);
	reader.checksum = artifact_checksum(reader.data, length);
	return reader;
}

static int store(struct cache *cache, const struct buf *key, size_t length, int byte)
{
	struct artifact_reader reader = some_artifact(length, byte);
	int result = cache_store(cache, key, &reader, "said", 4);

	assert_null(reader.data);
	return result;
}

static bool has(struct cache *cache, unsigned number)
{
	const struct cache_entry *entry;
	auto_buf struct buf key;

	number_key(&key, number);
	entry = cache_borrow(cache, &key);
	if (entry != NULL)
		cache_give_back(cache, entry);
	return entry != NULL;
}

static int store_number(struct cache *cache, unsigned number, size_t length)
{
	auto_buf struct buf key;

	number_key(&key, number);
	return store(cache, &key, length, (int)number);
}

static void what_is_stored_is_found(void **state)
{
	struct cache *cache = cache_new(1 << 20);
	const struct cache_entry *entry;
	struct cache_status status;
	auto_buf struct buf key;

	(void)state;
	number_key(&key, 1);
	assert_null(cache_borrow(cache, &key));
	assert_int_equal(store(cache, &key, 1000, 'x'), 0);
	entry = cache_borrow(cache, &key);
	assert_non_null(entry);
	assert_int_equal(entry->artifact.length, 1000);
	assert_int_equal(entry->artifact.data[999], 'x');
	assert_int_equal(entry->artifact.checksum,
			 artifact_checksum(entry->artifact.data, 1000));
	assert_int_equal(entry->output_length, 4);
	assert_memory_equal(entry->output, "said", 4);
	cache_give_back(cache, entry);
	cache_status(cache, &status);
	assert_int_equal(status.hits, 1);
	assert_int_equal(status.misses, 1);
	assert_int_equal(status.entries, 1);
	assert_true(status.bytes >= 1000 + 4 + key.length);
	cache_free(cache);
}

/* Every part of a key counts, and none runs into the next. */
static void nothing_is_taken_for_something_else(void **state)
{
	static const struct sample samples[] = {
		{IMAGE, "c", "code", {NULL}},
		{"sha256:0124", "c", "code", {NULL}},
		{IMAGE, "cpp", "code", {NULL}},
		{IMAGE, "c", "code ", {NULL}},
		{IMAGE, "c", "", {NULL}},
		{IMAGE, "cc", "ode", {NULL}},
		{IMAGE, "c", "code", {"a.h", "1"}},
		{IMAGE, "c", "code", {"a.h", "2"}},
		{IMAGE, "c", "code", {"b.h", "1"}},
		{IMAGE, "c", "code", {"a.h1", ""}},
		{IMAGE, "c", "code", {"a.h", "1", "b.h", "2"}},
		{IMAGE, "c", "code", {"b.h", "2", "a.h", "1"}},
		{IMAGE, "c", "code", {"a.h", "2", "b.h", "1"}},
		{IMAGE, "c", "code", {"a.h", "", "1", ""}},
	};
	enum { COUNT = sizeof(samples) / sizeof(samples[0]) };
	struct cache *cache = cache_new(1 << 20);

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		auto_buf struct buf key;

		make_key(&key, &samples[i]);
		assert_null(cache_borrow(cache, &key));
		assert_int_equal(store(cache, &key, 10, i), 0);
	}
	for (int i = 0; i < COUNT; i++) {
		const struct cache_entry *entry;
		auto_buf struct buf key;

		make_key(&key, &samples[i]);
		entry = cache_borrow(cache, &key);
		assert_non_null(entry);
		assert_int_equal(entry->artifact.data[0], i);
		cache_give_back(cache, entry);
	}
	cache_free(cache);
}

static void its_bytes_stay_within_the_bound(void **state)
{
	const size_t bytes_max = 64 * 1024;
	struct cache *cache = cache_new(bytes_max);
	struct cache_status status;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		assert_int_equal(store_number(cache, i, 1 + i * 37 % 9000), 0);
		assert_true(has(cache, i));
		cache_status(cache, &status);
		assert_true(status.bytes <= bytes_max);
	}
	assert_true(status.entries > 1);
	assert_int_equal(status.entries + status.evictions, 1000);
	cache_free(cache);
}

static void keys_and_output_count(void **state)
{
	struct cache *cache = cache_new(64 * 1024);
	char *code = calloc(1, 40 * 1024 + 1);
	struct cache_status status;
	auto_buf struct buf key;

	(void)state;
	memset(code, 'a', 40 * 1024);
	make_key(&key, &(struct sample){.image = IMAGE, .language = "c", .code = code});
	assert_int_equal(store(cache, &key, 10, 1), 0);
	code[0] = 'b';
	buf_fini(&key);
	make_key(&key, &(struct sample){.image = IMAGE, .language = "c", .code = code});
	assert_int_equal(store(cache, &key, 10, 1), 0);
	cache_status(cache, &status);
	assert_int_equal(status.entries, 1);
	assert_int_equal(status.evictions, 1);
	assert_int_equal(store(cache, &key, 30 * 1024, 1), -ENOSPC);
	free(code);
	cache_free(cache);
}

static void what_was_used_longest_ago_goes_first(void **state)
{
	struct cache *cache = cache_new(64 * 1024);

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(store_number(cache, i, 20000), 0);
	assert_true(has(cache, 0));
	assert_int_equal(store_number(cache, 3, 20000), 0);
	assert_true(has(cache, 0) && has(cache, 2) && has(cache, 3));
	assert_false(has(cache, 1));
	cache_free(cache);
}

static void one_that_is_too_large_leaves_the_others(void **state)
{
	struct cache *cache = cache_new(64 * 1024);

	(void)state;
	assert_int_equal(store_number(cache, 1, 1000), 0);
	assert_int_equal(store_number(cache, 2, 64 * 1024), -ENOSPC);
	assert_true(has(cache, 1));
	assert_false(has(cache, 2));
	cache_free(cache);
}

static void the_first_of_two_for_one_key_stays(void **state)
{
	struct cache *cache = cache_new(1 << 20);
	const struct cache_entry *entry;
	struct cache_status before, after;
	auto_buf struct buf key;

	(void)state;
	number_key(&key, 1);
	assert_int_equal(store(cache, &key, 100, 'a'), 0);
	cache_status(cache, &before);
	assert_int_equal(store(cache, &key, 100, 'b'), 0);
	cache_status(cache, &after);
	assert_int_equal(before.bytes, after.bytes);
	entry = cache_borrow(cache, &key);
	assert_int_equal(entry->artifact.data[0], 'a');
	cache_give_back(cache, entry);
	cache_free(cache);
}

/* Evicted or forgotten while somebody reads it: AddressSanitizer would see it freed too early, or
 * never. */
static void a_borrowed_entry_outlives_its_place(void **state)
{
	struct cache *cache = cache_new(64 * 1024);
	const struct cache_entry *evicted, *forgotten;
	auto_buf struct buf first, second;

	(void)state;
	number_key(&first, 1);
	number_key(&second, 2);
	assert_int_equal(store(cache, &first, 10000, 'a'), 0);
	evicted = cache_borrow(cache, &first);
	assert_int_equal(store_number(cache, 3, 60000), 0);
	assert_false(has(cache, 1));
	assert_int_equal(store(cache, &second, 10000, 'b'), 0);
	forgotten = cache_borrow(cache, &second);
	cache_forget(cache, forgotten);
	cache_forget(cache, forgotten);
	cache_forget(cache, evicted);
	assert_false(has(cache, 2));
	assert_int_equal(evicted->artifact.data[9999], 'a');
	assert_int_equal(forgotten->artifact.data[9999], 'b');
	cache_give_back(cache, evicted);
	cache_give_back(cache, forgotten);
	cache_free(cache);
}

#define THREADS 4
#define ROUNDS 3000

static void *use(void *arg)
{
	struct cache *cache = arg;
	unsigned seed = (unsigned)(uintptr_t)pthread_self();
	intptr_t wrong = 0;

	for (int i = 0; i < ROUNDS; i++) {
		unsigned number = (unsigned)rand_r(&seed) % 20;
		const struct cache_entry *entry;
		struct buf key;

		number_key(&key, number);
		entry = cache_borrow(cache, &key);
		if (entry == NULL) {
			wrong += store(cache, &key, 4000, (int)number) != 0;
		} else {
			wrong += entry->artifact.data[3999] != number;
			if (i % 50 == 0)
				cache_forget(cache, entry);
			cache_give_back(cache, entry);
		}
		buf_fini(&key);
	}
	return (void *)wrong;
}

static void threads_may_do_all_at_once(void **state)
{
	struct cache *cache = cache_new(40 * 1024);
	pthread_t threads[THREADS];
	struct cache_status status;

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use, cache), 0);
	for (int i = 0; i < THREADS; i++) {
		void *wrong;

		(void)pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
	cache_status(cache, &status);
	assert_int_equal(status.hits + status.misses, THREADS * ROUNDS);
	assert_true(status.bytes <= 40 * 1024 && status.evictions > 0 && status.hits > 0);
	cache_free(cache);
}

static void out_of_memory_stores_nothing(void **state)
{
	struct job job = {0};
	static char language[] = "c";

	(void)state;
	job.language = language;
	for (unsigned n = 1; n <= ALLOC_RUNS; n++) {
		struct artifact_reader reader = some_artifact(100, 'x');
		struct buf key = {0};
		struct cache *cache;
		bool failed;

		alloc_fail_at(n);
		cache = cache_new(1 << 20);
		if (cache != NULL && cache_key_init(&key, IMAGE, &job) == 0 &&
		    cache_store(cache, &key, &reader, "said", 4) == 0) {
			const struct cache_entry *entry = cache_borrow(cache, &key);

			assert_non_null(entry);
			cache_give_back(cache, entry);
		}
		failed = alloc_failed();
		alloc_fail_at(0);
		if (failed && cache != NULL && key.data != NULL && !buf_failed(&key))
			assert_null(cache_borrow(cache, &key));
		artifact_reader_fini(&reader);
		buf_fini(&key);
		cache_free(cache);
		if (!failed)
			return;
	}
	fail_msg("no run without a failure");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siphash_is_siphash),
		cmocka_unit_test(what_is_stored_is_found),
		cmocka_unit_test(nothing_is_taken_for_something_else),
		cmocka_unit_test(its_bytes_stay_within_the_bound),
		cmocka_unit_test(keys_and_output_count),
		cmocka_unit_test(what_was_used_longest_ago_goes_first),
		cmocka_unit_test(one_that_is_too_large_leaves_the_others),
		cmocka_unit_test(the_first_of_two_for_one_key_stays),
		cmocka_unit_test(a_borrowed_entry_outlives_its_place),
		cmocka_unit_test(threads_may_do_all_at_once),
		cmocka_unit_test(out_of_memory_stores_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
