/* artifact: what a compiler made of a job's sources, on its way between kilnd and kiln-agent.
 *
 * kilnd asks for it in RUN. After DONE the agent announces its length and checksum in a first
 * ARTIFACT frame, and sends its bytes in as many more as it takes; an agent that has none to give
 * sends no ARTIFACT at all. A later RUN of the same sources carries it at the end of its payload,
 * where a sender may put it from memory of its own. */
#ifndef KILN_FRAME_ARTIFACT_H
#define KILN_FRAME_ARTIFACT_H

#include "base/buf.h"
#include "frame/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARTIFACT_BYTES_MAX ((size_t)16 * 1024 * 1024)

struct artifact {
	const uint8_t *data; /* borrowed; NULL: none */
	size_t length;
	uint64_t checksum; /* as its first holder computed it */
};

/* Tells an artifact that was cut short, mixed up or damaged from a whole one. Whoever makes the
 * bytes can make the checksum: it is no proof against a hostile sender. */
uint64_t artifact_checksum(const uint8_t *data, size_t length);

/* Appends the frame that announces an artifact. */
void artifact_announce(struct buf *b, const struct artifact *artifact);

/* The header that goes before `length` bytes of it, at most FRAME_FROM_AGENT_MAX. */
void artifact_chunk_header(uint8_t header[FRAME_HEADER_BYTES], size_t length);

/* Puts an artifact together from ARTIFACT frames. Threads: one at a time. */
struct artifact_reader {
	uint8_t *data; /* NULL before the announcement; owned */
	size_t length;
	size_t filled;
	uint64_t checksum;
};

/* 0; -EBADMSG for an announcement or a chunk that cannot be, or a checksum that does not fit;
 * -ENOMEM. Fill the reader with zeros before; artifact_reader_fini in either case. */
int artifact_reader_take(struct artifact_reader *reader, const struct frame *frame);
void artifact_reader_fini(struct artifact_reader *reader);

/* None was announced, or all of it is there. */
static inline bool artifact_reader_is_settled(const struct artifact_reader *reader)
{
	return reader->filled == reader->length;
}

#endif
