/* frame: the length-prefixed frames between kilnd and kiln-agent.
 *
 * A frame is a header of five bytes (payload length, 32 bits, little endian; type, 8 bits) and
 * its payload. A connection begins with the agent's HELLO. Then, for each job:
 *
 *	kilnd            agent
 *	RUN      ------>
 *	         <------ STARTED    the program was compiled, and runs now
 *	         <------ OUTPUT …   as it is produced, by the compiler or the program
 *	         <------ DONE       how it ended; the reply can go out now
 *	         <------ ARTIFACT … what the compiler made, when RUN asked for it
 *	         <------ READY      cleaned up; the next RUN may come
 *
 * In between, kilnd may send PREPARE: for which languages a process is to stand ready; and the
 * agent may send WARM: for which one does (warm.h). After READY that is none until WARM says
 * otherwise.
 *
 * Instead of DONE and READY, FAULT says that the agent could not do its part.
 *
 * Pure functions; every byte that is read is checked.
 * Threads: a reader belongs to one thread at a time. */
#ifndef KILN_FRAME_FRAME_H
#define KILN_FRAME_FRAME_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

#define FRAME_HEADER_BYTES 5
#define FRAME_PROTOCOL 3

enum frame_type {
	FRAME_HELLO = 1,
	FRAME_RUN = 2,
	FRAME_OUTPUT = 3,
	FRAME_DONE = 4,
	FRAME_READY = 5,
	FRAME_FAULT = 6,
	FRAME_STARTED = 7,
	FRAME_ARTIFACT = 8,
	FRAME_WARM = 9,
	FRAME_PREPARE = 10,
	FRAME_TYPE_LAST = FRAME_PREPARE,
};

/* The most payload that each side accepts. */
#define FRAME_FROM_AGENT_MAX ((size_t)64 * 1024)
#define FRAME_TO_AGENT_MAX ((size_t)128 * 1024 * 1024)

struct frame {
	enum frame_type type;
	const uint8_t *payload; /* borrowed from the reader: valid until the next call on it */
	size_t length;
};

void frame_put_header(uint8_t header[FRAME_HEADER_BYTES], enum frame_type type, uint32_t length);

/* Appends a frame's header to b, to be filled by frame_end once the payload stands behind it. */
size_t frame_begin(struct buf *b, enum frame_type type);
void frame_end(struct buf *b, size_t begin);

/* The same for a payload that ends with `tail` bytes which are not in b: they are sent after it. */
void frame_end_before(struct buf *b, size_t begin, size_t tail);

/* Splits a byte stream into frames. Room is taken as frames need it, never more than the payload
 * limit and a header, and a large frame's room is given back after it. */
struct frame_reader {
	struct buf data;
	size_t consumed; /* bytes at the front that were handed out */
	size_t payload_max;
};

void frame_reader_init(struct frame_reader *r, size_t payload_max);
void frame_reader_fini(struct frame_reader *r);

/* Room for the next bytes of the stream: *ret_room of at least one byte. 0, -EMSGSIZE when the
 * peer announced a frame that is too large, -ENOMEM. */
int frame_reader_room(struct frame_reader *r, uint8_t **ret_room, size_t *ret_length);

/* `length` bytes were put in the room. */
void frame_reader_filled(struct frame_reader *r, size_t length);

/* 1 and the next frame; 0 when more bytes are needed; -EMSGSIZE, -EBADMSG for a type that does
 * not exist. After an error the stream is of no use. */
int frame_reader_next(struct frame_reader *r, struct frame *ret_frame);

#endif
