/* buf: a growable byte buffer with an upper bound.
 *
 * Once an append fails, the buffer keeps what it had and stays failed: a writer
 * may append many pieces and check buf_failed() once at the end.
 *
 * Threads: none of its own. Ownership: buf_fini() frees; buf_take() hands over. */
#ifndef KILN_BASE_BUF_H
#define KILN_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	uint8_t *data; /* NULL while empty and never reserved */
	size_t length;
	size_t capacity;
	size_t max; /* bytes that it may hold */
	bool failed;
};

#define BUF_UNBOUNDED SIZE_MAX

void buf_init(struct buf *b, size_t max);
void buf_fini(struct buf *b); /* accepts one that was fini'd or zeroed */

/* 0, -ENOSPC beyond max, -ENOMEM. */
int buf_append(struct buf *b, const void *data, size_t length);
int buf_append_text(struct buf *b, const char *text);
int buf_append_format(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Room for `length` more bytes at data + length; the caller adds to length what it wrote. */
int buf_reserve(struct buf *b, size_t length);

/* Empties the buffer and clears its failure; keeps its memory when that is at most `keep` bytes. */
void buf_reset(struct buf *b, size_t keep);

static inline bool buf_failed(const struct buf *b)
{
	return b->failed;
}

/* Ends the content with a NUL that its length does not count, and hands the memory over to free().
 * NULL when the buffer has failed or memory is gone. */
char *buf_take_text(struct buf *b);

#define auto_buf __attribute__((cleanup(buf_fini)))

#endif
