/* cursor: reads numbers and byte strings from a payload, and never past its end.
 *
 * Numbers are little endian. A cursor that ran out stays failed and yields zeros, so a decoder
 * may read all its fields and check once. */
#ifndef KILN_FRAME_CURSOR_H
#define KILN_FRAME_CURSOR_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *next;
	size_t left;
	bool failed;
};

static inline uint64_t cursor_number(struct cursor *c, unsigned bytes)
{
	uint64_t value = 0;

	if (c->failed || c->left < bytes) {
		c->failed = true;
		return 0;
	}
	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)c->next[i] << (8 * i);
	c->next += bytes;
	c->left -= bytes;
	return value;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	return (uint8_t)cursor_number(c, 1);
}

static inline uint32_t cursor_u32(struct cursor *c)
{
	return (uint32_t)cursor_number(c, 4);
}

static inline uint64_t cursor_u64(struct cursor *c)
{
	return cursor_number(c, 8);
}

/* A byte string with its length before it, borrowed from the payload. */
static inline const uint8_t *cursor_bytes(struct cursor *c, size_t *ret_length)
{
	size_t length = cursor_u32(c);
	const uint8_t *start = c->next;

	*ret_length = 0;
	if (c->failed || length > c->left) {
		c->failed = true;
		return NULL;
	}
	c->next += length;
	c->left -= length;
	*ret_length = length;
	return start;
}

/* All was read, and nothing is left over. */
static inline bool cursor_is_complete(const struct cursor *c)
{
	return !c->failed && c->left == 0;
}

static inline void put_number(struct buf *b, uint64_t value, unsigned bytes)
{
	uint8_t raw[8];

	for (unsigned i = 0; i < bytes; i++)
		raw[i] = (uint8_t)(value >> (8 * i));
	(void)buf_append(b, raw, bytes);
}

static inline void put_bytes(struct buf *b, const void *data, size_t length)
{
	put_number(b, length, 4);
	(void)buf_append(b, data, length);
}

#endif
