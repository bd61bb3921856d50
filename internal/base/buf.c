#include "base/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST_CAPACITY 256

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_fini(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}

static int fail(struct buf *b, int code)
{
	b->failed = true;
	return code;
}

int buf_reserve(struct buf *b, size_t length)
{
	size_t needed, capacity;
	uint8_t *data;

	if (b->failed)
		return -ENOSPC;
	if (length > b->max || b->length > b->max - length)
		return fail(b, -ENOSPC);
	needed = b->length + length;
	if (needed <= b->capacity)
		return 0;
	capacity = b->capacity < SMALLEST_CAPACITY ? SMALLEST_CAPACITY : b->capacity;
	while (capacity < needed)
		capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
	if (capacity > b->max)
		capacity = b->max;
	data = realloc(b->data, capacity);
	if (data == NULL)
		return fail(b, -ENOMEM);
	b->data = data;
	b->capacity = capacity;
	return 0;
}

int buf_append(struct buf *b, const void *data, size_t length)
{
	int result = buf_reserve(b, length);

	if (result < 0)
		return result;
	if (length > 0)
		memcpy(b->data + b->length, data, length);
	b->length += length;
	return 0;
}

int buf_append_text(struct buf *b, const char *text)
{
	return buf_append(b, text, strlen(text));
}

int buf_append_format(struct buf *b, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	int length, result;

	va_start(args, fmt);
	length = vasprintf(&text, fmt, args);
	va_end(args);
	if (length < 0)
		return fail(b, -ENOMEM);
	result = buf_append(b, text, (size_t)length);
	free(text);
	return result;
}

void buf_reset(struct buf *b, size_t keep)
{
	if (b->capacity > keep) {
		free(b->data);
		b->data = NULL;
		b->capacity = 0;
	}
	b->length = 0;
	b->failed = false;
}

char *buf_take_text(struct buf *b)
{
	char *text = NULL;

	if (!b->failed) {
		if (b->max != BUF_UNBOUNDED)
			b->max++;
		if (buf_append(b, "", 1) == 0) {
			text = (char *)b->data;
			b->data = NULL;
		}
	}
	buf_fini(b);
	return text;
}
