#include "job/result.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A stream that alternates on every byte would make a span of every byte. */
#define SPANS_MAX (1u << 20)

void result_init(struct result *result, size_t output_max)
{
	*result = (struct result){0};
	buf_init(&result->output.bytes, output_max);
}

void result_fini(struct result *result)
{
	buf_fini(&result->output.bytes);
	free(result->output.spans);
	result->output.spans = NULL;
}

void result_reset(struct result *result)
{
	size_t output_max = result->output.bytes.max;

	result_fini(result);
	result_init(result, output_max);
}

static int add_span(struct output *output, enum stream stream, size_t length)
{
	struct span *last = output->spans_count > 0 ? &output->spans[output->spans_count - 1]
						    : NULL;

	if (last != NULL && last->stream == stream) {
		last->length += length;
		return 0;
	}
	if (output->spans_count >= SPANS_MAX)
		return -ENOSPC;
	if (output->spans_count == output->spans_capacity) {
		size_t capacity = output->spans_capacity == 0 ? 4 : output->spans_capacity * 2;
		struct span *spans = realloc(output->spans, capacity * sizeof(*spans));

		if (spans == NULL)
			return -ENOMEM;
		output->spans = spans;
		output->spans_capacity = capacity;
	}
	output->spans[output->spans_count++] = (struct span){.stream = stream, .length = length};
	return 0;
}

int output_append(struct output *output, enum stream stream, const void *data, size_t length)
{
	int result;

	if (length == 0)
		return 0;
	result = buf_reserve(&output->bytes, length);
	if (result == 0)
		result = add_span(output, stream, length);
	if (result == 0)
		result = buf_append(&output->bytes, data, length);
	return result;
}

size_t output_stream_bytes(const struct output *output, enum stream stream)
{
	size_t total = 0;

	for (size_t i = 0; i < output->spans_count; i++) {
		if (output->spans[i].stream == stream)
			total += output->spans[i].length;
	}
	return total;
}

void result_refuse(struct result *result, enum verdict verdict, const char *fmt, ...)
{
	va_list args;

	result->verdict = verdict;
	va_start(args, fmt);
	(void)vsnprintf(result->error, sizeof(result->error), fmt, args);
	va_end(args);
}

void result_conclude(struct result *result)
{
	result->verdict = verdict_decide(&result->outcome);
	verdict_error_text(&result->outcome, result->error, sizeof(result->error));
}
