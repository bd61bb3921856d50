/* base64: encoding that comes in pieces, into a buffer. */
#ifndef KILN_WIRE_BASE64_H
#define KILN_WIRE_BASE64_H

#include "base/buf.h"

#include <b64/cencode.h>
#include <stddef.h>

struct base64_encoder {
	base64_encodestate state;
};

void base64_begin(struct base64_encoder *encoder);
void base64_put(struct base64_encoder *encoder, struct buf *b, const void *data, size_t length);
void base64_end(struct base64_encoder *encoder, struct buf *b); /* the padding */

/* The length of the text for `length` bytes. */
static inline size_t base64_length(size_t length)
{
	return (length + 2) / 3 * 4;
}

#endif
