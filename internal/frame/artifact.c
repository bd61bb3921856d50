#include "frame/artifact.h"

#include "frame/cursor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Four sums side by side, each over every fourth word of eight bytes: the processor adds to all of
 * them at once, so that two megabytes take a tenth of a millisecond. A step is the one of FNV-1a
 * (http://www.isthe.com/chongo/tech/comp/fnv/) on words, and a shift that brings the high bits
 * down, which a multiplication alone never does. */
struct sums {
	uint64_t a, b, c, d;
};

#define STRIDE sizeof(struct sums)
#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

static uint64_t step(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * FNV_PRIME;
	return sum ^ (sum >> 32);
}

/* By value, so that the sums stay in registers. */
static inline struct sums add_stride(struct sums sums, const uint8_t *data)
{
	struct sums words;

	memcpy(&words, data, sizeof(words));
	return (struct sums){
		.a = step(sums.a, words.a),
		.b = step(sums.b, words.b),
		.c = step(sums.c, words.c),
		.d = step(sums.d, words.d),
	};
}

uint64_t artifact_checksum(const uint8_t *data, size_t length)
{
	struct sums sums = {FNV_OFFSET, FNV_OFFSET + 1, FNV_OFFSET + 2, FNV_OFFSET + 3};
	uint8_t last[STRIDE] = {0};
	size_t left = length;

	for (; left >= STRIDE; left -= STRIDE, data += STRIDE)
		sums = add_stride(sums, data);
	if (left > 0)
		memcpy(last, data, left);
	sums = add_stride(sums, last);
	return step(step(step(step(step(FNV_OFFSET, length), sums.a), sums.b), sums.c), sums.d);
}

void artifact_announce(struct buf *b, const struct artifact *artifact)
{
	size_t begin = frame_begin(b, FRAME_ARTIFACT);

	put_number(b, artifact->length, 8);
	put_number(b, artifact->checksum, 8);
	frame_end(b, begin);
}

void artifact_chunk_header(uint8_t header[FRAME_HEADER_BYTES], size_t length)
{
	frame_put_header(header, FRAME_ARTIFACT, (uint32_t)length);
}

static int take_announcement(struct artifact_reader *reader, const struct frame *frame)
{
	struct cursor c = {.next = frame->payload, .left = frame->length};
	uint64_t length = cursor_u64(&c);
	uint64_t checksum = cursor_u64(&c);

	if (!cursor_is_complete(&c) || length == 0 || length > ARTIFACT_BYTES_MAX)
		return -EBADMSG;
	reader->data = malloc(length);
	if (reader->data == NULL)
		return -ENOMEM;
	reader->length = length;
	reader->checksum = checksum;
	return 0;
}

int artifact_reader_take(struct artifact_reader *reader, const struct frame *frame)
{
	if (reader->data == NULL)
		return take_announcement(reader, frame);
	if (frame->length == 0 || frame->length > reader->length - reader->filled)
		return -EBADMSG;
	memcpy(reader->data + reader->filled, frame->payload, frame->length);
	reader->filled += frame->length;
	if (reader->filled == reader->length &&
	    artifact_checksum(reader->data, reader->length) != reader->checksum)
		return -EBADMSG;
	return 0;
}

void artifact_reader_fini(struct artifact_reader *reader)
{
	free(reader->data);
	*reader = (struct artifact_reader){0};
}
