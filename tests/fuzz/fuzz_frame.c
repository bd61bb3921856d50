/* A stream of any bytes, cut into reads of any length: frames come out as they would of the whole,
 * and every decoder keeps its ranges. The first byte chooses how the stream is cut. */
#include "frame/frame.h"
#include "frame/hello.h"
#include "frame/message.h"
#include "job/verdict.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PAYLOAD_MAX ((size_t)8 * 1024)

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void decode_run(const struct frame *frame)
{
	struct run_message run = {0};
	int result = run_message_decode(&run, frame->payload, frame->length);
	size_t total = 0;

	must(result == 0 || result == -EBADMSG);
	if (result == 0) {
		total = run.language.length + run.code.length + run.input.length;
		total += run.artifact.length;
		for (size_t i = 0; i < run.args_count; i++)
			total += run.args[i].length;
		for (size_t i = 0; i < run.files_count; i++)
			total += run.files[i].name.length + run.files[i].content.length;
		must(total <= frame->length);
	}
	run_message_fini(&run);
}

static void decode_done(const struct frame *frame)
{
	struct outcome outcome = {0};
	char text[128];

	if (done_message_decode(&outcome, frame->payload, frame->length) < 0)
		return;
	must(outcome.run.ran || outcome.compile.ran);
	must((unsigned)outcome.limit.name < LIMIT_QUEUE);
	must(outcome.run.wall_us >= 0 && outcome.run.cpu_us >= 0 && outcome.compile.wall_us >= 0);
	must(outcome.run.exit_code >= -1 && outcome.run.exit_code <= 255);
	must(outcome.run.signal >= 0 && outcome.run.signal <= 64);
	must(outcome.limit.measured <= INT64_MAX && outcome.run.memory_bytes <= INT64_MAX);
	verdict_error_text(&outcome, text, sizeof(text));
	must(verdict_decide(&outcome) == VERDICT_OK || strlen(text) > 0);
}

static void decode_hello(const struct frame *frame)
{
	static struct hello hello;

	if (hello_decode(&hello, frame->payload, frame->length) < 0) {
		must(hello.languages_count == 0);
		return;
	}
	must(hello.languages_count <= LANGUAGES_MAX);
	for (unsigned i = 0; i < hello.languages_count; i++) {
		must(memchr(hello.languages[i].name, '\0', LANGUAGE_NAME_BYTES) != NULL);
		must(hello_find(&hello, hello.languages[i].name) != NULL);
	}
}

/* The reader of one artifact at a time; what it refuses ends it. */
static void decode_artifact(const struct frame *frame, struct artifact_reader *reader)
{
	int result;

	if (reader->data != NULL && artifact_reader_is_settled(reader))
		artifact_reader_fini(reader);
	result = artifact_reader_take(reader, frame);
	must(result == 0 || result == -EBADMSG || result == -ENOMEM);
	must(reader->filled <= reader->length && reader->length <= ARTIFACT_BYTES_MAX);
	if (result < 0)
		artifact_reader_fini(reader);
}

static void decode(const struct frame *frame, struct artifact_reader *artifact)
{
	struct output_message output;
	struct ready_message ready;
	char text[64];

	switch (frame->type) {
	case FRAME_HELLO:
		decode_hello(frame);
		break;
	case FRAME_RUN:
		decode_run(frame);
		break;
	case FRAME_OUTPUT:
		if (output_message_decode(&output, frame->payload, frame->length) == 0)
			must(output.bytes.length == frame->length - 1);
		break;
	case FRAME_DONE:
		decode_done(frame);
		break;
	case FRAME_READY:
		(void)ready_message_decode(&ready, frame->payload, frame->length);
		break;
	case FRAME_FAULT:
		fault_message_decode(text, sizeof(text), frame->payload, frame->length);
		must(strlen(text) < sizeof(text));
		break;
	case FRAME_ARTIFACT:
		decode_artifact(frame, artifact);
		break;
	case FRAME_STARTED:
		break;
	}
}

/* Takes all frames that are there. *offset is where the next begins in the stream. */
static int take_frames(struct frame_reader *r, struct artifact_reader *artifact,
		       const uint8_t *stream, size_t *offset)
{
	struct frame frame;
	int result;

	while ((result = frame_reader_next(r, &frame)) == 1) {
		must(frame.length <= PAYLOAD_MAX);
		must(stream[*offset + 4] == (uint8_t)frame.type);
		must(memcmp(stream + *offset + FRAME_HEADER_BYTES, frame.payload, frame.length) ==
		     0);
		*offset += FRAME_HEADER_BYTES + frame.length;
		decode(&frame, artifact);
	}
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct artifact_reader artifact = {0};
	struct frame_reader r;
	size_t fed = 1, offset = 1;
	int result = 0;

	if (size < 1)
		return 0;
	frame_reader_init(&r, PAYLOAD_MAX);
	while (fed < size && result == 0) {
		size_t piece = data[0] == 0 ? size : 1 + fed * 7 % data[0], room_size;
		uint8_t *room;

		result = frame_reader_room(&r, &room, &room_size);
		if (result < 0)
			break;
		piece = piece < size - fed ? piece : size - fed;
		piece = piece < room_size ? piece : room_size;
		memcpy(room, data + fed, piece);
		frame_reader_filled(&r, piece);
		fed += piece;
		result = take_frames(&r, &artifact, data, &offset);
		must(r.data.capacity <= PAYLOAD_MAX + FRAME_HEADER_BYTES + 16 * 1024);
	}
	must(result == 0 || result == -EMSGSIZE || result == -EBADMSG);
	must(offset <= fed);
	artifact_reader_fini(&artifact);
	frame_reader_fini(&r);
	return 0;
}
