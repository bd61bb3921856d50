#include "frame/frame.h"

#include <errno.h>
#include <string.h>

/* One read's worth; what a reader keeps between frames. */
#define READ_BYTES ((size_t)16 * 1024)

void frame_put_header(uint8_t header[FRAME_HEADER_BYTES], enum frame_type type, uint32_t length)
{
	for (unsigned i = 0; i < 4; i++)
		header[i] = (uint8_t)(length >> (8 * i));
	header[4] = (uint8_t)type;
}

static uint32_t header_length(const uint8_t *header)
{
	return (uint32_t)header[0] | (uint32_t)header[1] << 8 | (uint32_t)header[2] << 16 |
	       (uint32_t)header[3] << 24;
}

size_t frame_begin(struct buf *b, enum frame_type type)
{
	uint8_t header[FRAME_HEADER_BYTES];
	size_t begin = b->length;

	frame_put_header(header, type, 0);
	(void)buf_append(b, header, sizeof(header));
	return begin;
}

void frame_end(struct buf *b, size_t begin)
{
	frame_end_before(b, begin, 0);
}

void frame_end_before(struct buf *b, size_t begin, size_t tail)
{
	uint8_t *header;

	if (buf_failed(b))
		return;
	header = b->data + begin;
	frame_put_header(header, (enum frame_type)header[4],
			 (uint32_t)(b->length - begin - FRAME_HEADER_BYTES + tail));
}

void frame_reader_init(struct frame_reader *r, size_t payload_max)
{
	*r = (struct frame_reader){.payload_max = payload_max};
	buf_init(&r->data, payload_max + FRAME_HEADER_BYTES + READ_BYTES);
}

void frame_reader_fini(struct frame_reader *r)
{
	buf_fini(&r->data);
}

static size_t buffered(const struct frame_reader *r)
{
	return r->data.length - r->consumed;
}

/* Moves what is left to the front, so that the buffer does not creep. */
static void compact(struct frame_reader *r)
{
	size_t left = buffered(r);

	if (r->consumed == 0)
		return;
	if (left == 0) {
		buf_reset(&r->data, 2 * READ_BYTES);
	} else {
		memmove(r->data.data, r->data.data + r->consumed, left);
		r->data.length = left;
	}
	r->consumed = 0;
}

int frame_reader_room(struct frame_reader *r, uint8_t **ret_room, size_t *ret_length)
{
	size_t wanted = READ_BYTES;
	int result;

	compact(r);
	if (r->data.length >= FRAME_HEADER_BYTES) {
		size_t length = header_length(r->data.data);
		size_t whole = length + FRAME_HEADER_BYTES;

		if (length > r->payload_max)
			return -EMSGSIZE;
		if (whole > r->data.length && whole - r->data.length > wanted)
			wanted = whole - r->data.length;
	}
	result = buf_reserve(&r->data, wanted);
	if (result < 0)
		return result == -ENOSPC ? -EMSGSIZE : result;
	*ret_room = r->data.data + r->data.length;
	*ret_length = wanted;
	return 0;
}

void frame_reader_filled(struct frame_reader *r, size_t length)
{
	r->data.length += length;
}

int frame_reader_next(struct frame_reader *r, struct frame *ret_frame)
{
	const uint8_t *header;
	uint32_t length;

	if (buffered(r) < FRAME_HEADER_BYTES)
		return 0;
	header = r->data.data + r->consumed;
	length = header_length(header);
	if (length > r->payload_max)
		return -EMSGSIZE;
	if (header[4] < FRAME_HELLO || header[4] > FRAME_TYPE_LAST)
		return -EBADMSG;
	if (buffered(r) - FRAME_HEADER_BYTES < length)
		return 0;
	*ret_frame = (struct frame){
		.type = (enum frame_type)header[4],
		.payload = header + FRAME_HEADER_BYTES,
		.length = length,
	};
	r->consumed += FRAME_HEADER_BYTES + length;
	return 1;
}
