/* Any output of a job: the reply is JSON, keeps its bound, and holds the bytes. The first byte
 * chooses the profile and the bound, the first of each piece its stream and length. */
#include "wire/wire.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct profile profiles[] = {{.subject = "a"}, {.subject = "b", .stdout_only = true}};

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void append_pieces(struct result *result, const uint8_t *data, size_t size)
{
	while (size > 1) {
		size_t length = data[0] >> 2;
		enum stream stream = (enum stream)(1 + (data[0] & 3) % 3);

		data++;
		size--;
		length = length < size ? length : size;
		must(output_append(&result->output, stream, data, length) == 0);
		data += length;
		size -= length;
	}
}

/* The value, decoded, is the start of the stream's bytes; all of them, unless it was cut. */
static void check_stream(const struct result *result, json_t *root, const char *key,
			 enum stream stream)
{
	json_t *value = json_object_get(root, key);
	bool base64 = json_string_value(json_object_get(root, "encoding"))[0] == 'b';
	bool cut = json_is_true(json_object_get(json_object_get(root, "truncated"), key));
	const uint8_t *next = result->output.bytes.data;
	struct bytes bytes = {0};
	const uint8_t *got = (const uint8_t *)json_string_value(value);
	size_t length = json_string_length(value), offset = 0;

	if (base64) {
		must(base64_decode((const char *)got, length, SIZE_MAX, &bytes, &offset) == 0);
		got = bytes.data;
		length = bytes.length;
	}
	must(cut || length == output_stream_bytes(&result->output, stream));
	offset = 0;
	for (size_t i = 0; i < result->output.spans_count && offset < length; i++) {
		const struct span *span = &result->output.spans[i];
		size_t part = span->length < length - offset ? span->length : length - offset;

		if (span->stream == stream) {
			must(memcmp(got + offset, next, part) == 0);
			offset += part;
		}
		next += span->length;
	}
	must(offset == length);
	free(bytes.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t max = WIRE_REPLY_BYTES_MIN, length;
	struct reply_context context = {.engine_name = "kiln"};
	struct result result;
	json_t *root;
	char *text;

	if (size < 1)
		return 0;
	context.profile = &profiles[data[0] & 1];
	max += (data[0] >> 2) * (size_t)64;
	result_init(&result, BUF_UNBOUNDED);
	result.outcome.run = (struct stage_report){.ran = true, .exit_code = data[0] >> 1 & 1};
	result.outcome.compile.ran = true;
	append_pieces(&result, data + 1, size - 1);
	result_conclude(&result);
	text = wire_format_reply(&result, &context, max, &length);
	must(text != NULL && length <= max && strlen(text) == length);
	root = json_loadb(text, length, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
	must(root != NULL);
	check_stream(&result, root, "stdout", STREAM_STDOUT);
	check_stream(&result, root, "stderr", STREAM_STDERR);
	json_decref(root);
	free(text);
	result_fini(&result);
	return 0;
}
