/* Replies to random results, checked against jansson's reading of them: never longer than the
 * bound, every byte there where nothing was cut, and else a prefix that ends on a character. */
#include "wire/wire.h"

#include "base/cleanup.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

#define RUNS 1500

static uint64_t seed;

/* splitmix64: the same results in every run of the test. */
static uint64_t random_number(uint64_t below)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

static const char *const texts[] = {
	"plain text of some length, as most output is\n",
	"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	"\x01\x02\x1f\x7f",
	"\"\\\t\r",
	"a",
	"\xff", /* from here on what is not text by itself */
	"\xe2\x82",
	"\xac",
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))
#define PURE_TEXTS 5

static void append_random(struct result *result)
{
	size_t pieces = random_number(60);
	uint64_t kinds = random_number(3) == 0 ? TEXTS : PURE_TEXTS;

	for (size_t i = 0; i < pieces; i++) {
		const char *text = texts[random_number(kinds)];
		enum stream stream = (enum stream)(1 + random_number(3));
		size_t times = random_number(8) == 0 ? 1 + random_number(3000) : 1;

		for (size_t j = 0; j < times; j++)
			(void)output_append(&result->output, stream, text, strlen(text));
	}
}

static void gather(const struct output *output, unsigned streams, struct buf *b)
{
	const uint8_t *data = output->bytes.data;

	for (size_t i = 0; i < output->spans_count; i++) {
		if ((streams & (1u << output->spans[i].stream)) != 0)
			(void)buf_append(b, data, output->spans[i].length);
		data += output->spans[i].length;
	}
}

/* Checks one field of the reply and returns whether it was cut. */
static bool check_field(const struct result *result, json_t *value, bool base64, unsigned streams)
{
	struct bytes got = {.data = NULL, .length = json_string_length(value)};
	auto_buf struct buf expected;
	size_t offset;
	bool cut;

	buf_init(&expected, BUF_UNBOUNDED);
	gather(&result->output, streams, &expected);
	if (base64) {
		assert_int_equal(base64_decode(json_string_value(value), got.length, SIZE_MAX, &got,
					       &offset),
				 0);
	} else {
		got.data = malloc(got.length + 1);
		memcpy(got.data, json_string_value(value), got.length);
		assert_true(utf8_is_valid(expected.data, expected.length));
		assert_true(utf8_is_valid(got.data, got.length));
	}
	assert_true(got.length <= expected.length);
	if (got.length > 0)
		assert_memory_equal(got.data, expected.data, got.length);
	cut = got.length < expected.length;
	free(got.data);
	return cut;
}

static bool truncated(json_t *root, const char *key)
{
	return json_is_true(json_object_get(json_object_get(root, "truncated"), key));
}

static void check_reply(const struct result *result, const struct profile *profile, size_t max)
{
	const struct reply_context context = {
		.id = "an \"id\"", .language = "c", .profile = profile, .engine_name = "kiln"};
	bool success = result->verdict == VERDICT_OK;
	size_t length = 0;
	auto_free char *text = wire_format_reply(result, &context, max, &length);
	json_auto_t *root = json_loadb(text, length, JSON_ALLOW_NUL, NULL);
	bool base64, output_cut, cut;
	json_t *compile;

	assert_non_null(text);
	assert_non_null(root);
	assert_true(length <= max);
	base64 = strcmp(json_string_value(json_object_get(root, "encoding")), "base64") == 0;
	output_cut = check_field(result, json_object_get(root, "output"), base64,
				 success && profile->stdout_only ? 2 : 14);
	cut = check_field(result, json_object_get(root, "stdout"), base64, 2);
	assert_true(!cut || truncated(root, "stdout"));
	cut = check_field(result, json_object_get(root, "stderr"), base64, 4);
	assert_true(!cut || truncated(root, "stderr"));
	compile = json_object_get(root, "compile");
	if (json_is_object(compile)) {
		cut = check_field(result, json_object_get(compile, "output"), base64, 8);
		assert_true(!cut || truncated(root, "stderr"));
	}
	assert_true(!output_cut || truncated(root, "stdout") || truncated(root, "stderr"));
	if (truncated(root, "stdout") || truncated(root, "stderr"))
		assert_true(length + 64 > max);
}

static void random_results_fit_and_are_exact(void **state)
{
	static const struct profile profiles[] = {{.subject = "a"},
						  {.subject = "b", .stdout_only = true}};

	(void)state;
	for (uint64_t run = 0; run < RUNS; run++) {
		struct result result;

		seed = run * 1000003;
		result_init(&result, BUF_UNBOUNDED);
		result.outcome.compile.ran = random_number(2) == 0;
		result.outcome.run.ran = !result.outcome.compile.ran || random_number(4) > 0;
		result.outcome.run.exit_code = random_number(2) == 0 ? 0 : 3;
		result.outcome.compile.exit_code = result.outcome.run.ran ? 0 : 1;
		append_random(&result);
		result_conclude(&result);
		check_reply(&result, &profiles[random_number(2)],
			    WIRE_REPLY_BYTES_MIN +
				    (random_number(3) == 0 ? 1u << 20 : random_number(60000)));
		result_fini(&result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_results_fit_and_are_exact),
	};

	return cmocka_run_group_tests_name("wire budget", tests, NULL, NULL);
}
