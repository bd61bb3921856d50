/* json: writes JSON into a buffer, piece by piece; the caller puts what stands between.
 *
 * jansson reads requests. Replies are written here, because output may be megabytes: jansson would
 * copy it, keep it beside its dump, and escape it byte by byte (nine times slower for a mebibyte).
 * And json_dumps of jansson 2.14, when memory runs out within, can return text with a hole. */
#ifndef KILN_WIRE_JSON_H
#define KILN_WIRE_JSON_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* How many bytes of a string's text one byte becomes: 1, 2 or 6. */
size_t json_byte_cost(uint8_t byte);

/* What json_put_escaped would append. */
size_t json_escaped_length(const uint8_t *data, size_t length);

/* The inside of a string. The bytes are UTF-8, or pieces of it: those of a character that is cut
 * in two by a piece's end pass unchanged. */
void json_put_escaped(struct buf *b, const uint8_t *data, size_t length);

/* A short text as a string, or null for NULL. Not more than `max` bytes of it are taken. Control
 * characters and what is not UTF-8 become U+FFFD, so that the string has at most 3 * max bytes
 * between its quotes. */
void json_put_label(struct buf *b, const char *text, size_t max);

void json_put_uint(struct buf *b, uint64_t value);

/* Milliseconds with three decimals; a negative time is zero. */
void json_put_ms(struct buf *b, int64_t us);

#endif
