/* message: the payloads of RUN, OUTPUT, DONE, READY and FAULT. */
#ifndef KILN_FRAME_MESSAGE_H
#define KILN_FRAME_MESSAGE_H

#include "base/buf.h"
#include "frame/artifact.h"
#include "job/job.h"
#include "job/outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that are borrowed from a payload. */
struct slice {
	const uint8_t *data;
	size_t length;
};

struct run_file {
	struct slice name;
	struct slice content;
};

/* RUN as the agent sees it. Everything is borrowed from the payload but the two arrays. */
struct run_message {
	struct slice language;
	struct limits limits;
	struct slice code;
	struct slice input;
	size_t args_count;
	size_t files_count;
	struct slice *args;
	struct run_file *files;
	bool wants_artifact;      /* kilnd asks for what the compiler makes */
	struct artifact artifact; /* with data: there is nothing left to compile */
};

/* Appends a whole RUN frame, but for the bytes of the artifact, when there is one: they follow b's
 * on the wire. `artifact` NULL: none is known; then one may be asked for. */
void run_message_encode(struct buf *b, const struct job *job, const struct artifact *artifact,
			bool wants_artifact);
/* 0, -EBADMSG, -ENOMEM. Fill `run` with zeros before; run_message_fini in either case. */
int run_message_decode(struct run_message *run, const uint8_t *payload, size_t length);
void run_message_fini(struct run_message *run);

/* OUTPUT: a stream and at least one byte of it. */
struct output_message {
	enum stream stream;
	struct slice bytes;
};

/* The header and the stream's byte that go before `length` bytes of output. */
#define OUTPUT_PREFIX_BYTES 6
#define OUTPUT_CHUNK_MAX ((size_t)32 * 1024)
void output_message_prefix(uint8_t prefix[OUTPUT_PREFIX_BYTES], enum stream stream, size_t length);
int output_message_decode(struct output_message *output, const uint8_t *payload, size_t length);

/* DONE. */
void done_message_encode(struct buf *b, const struct outcome *outcome);
int done_message_decode(struct outcome *outcome, const uint8_t *payload, size_t length);

/* What is not as it was when the agent started. Bits; the values travel in frames. */
enum residue {
	RESIDUE_FILES = 1 << 0,
	RESIDUE_IPC = 1 << 1,
	RESIDUE_MOUNTS = 1 << 2,
	RESIDUE_DESCRIPTORS = 1 << 3,
	RESIDUE_MEMORY = 1 << 4,
};

/* READY: what the agent found when it cleaned up. */
struct ready_message {
	uint32_t processes;    /* killed after the program had ended */
	uint32_t files;        /* removed */
	uint32_t ipc;          /* System V objects and message queues removed */
	uint32_t residue;      /* what could not be cleaned up; 0: it is as it was at its start */
	uint64_t memory_bytes; /* that the container uses */
};
void ready_message_encode(struct buf *b, const struct ready_message *ready);
int ready_message_decode(struct ready_message *ready, const uint8_t *payload, size_t length);

/* "files, memory": what the bits of a residue mean. */
void residue_format(uint32_t residue, char *text, size_t size);

/* FAULT: one line of text that says what the agent could not do. */
void fault_message_encode(struct buf *b, const char *text);
/* Copies the text, with bytes that are not printable ASCII replaced by '?'. */
void fault_message_decode(char *text, size_t size, const uint8_t *payload, size_t length);

#endif
