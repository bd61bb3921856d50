#include "frame/message.h"

#include "frame/cursor.h"
#include "frame/frame.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_limits(struct buf *b, const struct limits *limits)
{
	put_number(b, limits->wall_ms, 8);
	put_number(b, limits->cpu_ms, 8);
	put_number(b, limits->memory_bytes, 8);
	put_number(b, limits->output_bytes, 8);
	put_number(b, limits->processes, 8);
	put_number(b, limits->file_bytes, 8);
	put_number(b, limits->compile_wall_ms, 8);
}

static struct limits get_limits(struct cursor *c)
{
	struct limits limits;

	limits.wall_ms = cursor_u64(c);
	limits.cpu_ms = cursor_u64(c);
	limits.memory_bytes = cursor_u64(c);
	limits.output_bytes = cursor_u64(c);
	limits.processes = cursor_u64(c);
	limits.file_bytes = cursor_u64(c);
	limits.compile_wall_ms = cursor_u64(c);
	return limits;
}

static struct slice get_slice(struct cursor *c)
{
	struct slice slice;

	slice.data = cursor_bytes(c, &slice.length);
	return slice;
}

/* What RUN says of the artifact. The values travel in frames. */
enum artifact_part {
	ARTIFACT_UNWANTED = 0,
	ARTIFACT_WANTED = 1,
	ARTIFACT_FOLLOWS = 2,
};

static void put_artifact(struct buf *b, const struct artifact *artifact, bool wants_artifact)
{
	if (artifact == NULL) {
		put_number(b, wants_artifact ? ARTIFACT_WANTED : ARTIFACT_UNWANTED, 1);
		return;
	}
	put_number(b, ARTIFACT_FOLLOWS, 1);
	put_number(b, artifact->checksum, 8);
	put_number(b, artifact->length, 4);
}

static void get_artifact(struct cursor *c, struct run_message *run)
{
	enum artifact_part part = cursor_u8(c);

	run->wants_artifact = part == ARTIFACT_WANTED;
	if (part > ARTIFACT_FOLLOWS)
		c->failed = true;
	if (part != ARTIFACT_FOLLOWS)
		return;
	run->artifact.checksum = cursor_u64(c);
	run->artifact.data = cursor_bytes(c, &run->artifact.length);
	if (run->artifact.length == 0 || run->artifact.length > ARTIFACT_BYTES_MAX ||
	    artifact_checksum(run->artifact.data, run->artifact.length) != run->artifact.checksum)
		c->failed = true;
}

void run_message_encode(struct buf *b, const struct job *job, const struct artifact *artifact,
			bool wants_artifact)
{
	size_t begin = frame_begin(b, FRAME_RUN);

	put_bytes(b, job->language, strlen(job->language));
	put_limits(b, &job->limits);
	put_bytes(b, job->code.data, job->code.length);
	put_bytes(b, job->input.data, job->input.length);
	put_number(b, job->args_count, 4);
	for (size_t i = 0; i < job->args_count; i++)
		put_bytes(b, job->args[i], strlen(job->args[i]));
	put_number(b, job->files_count, 4);
	for (size_t i = 0; i < job->files_count; i++) {
		put_bytes(b, job->files[i].name, strlen(job->files[i].name));
		put_bytes(b, job->files[i].content.data, job->files[i].content.length);
	}
	put_artifact(b, artifact, wants_artifact);
	frame_end_before(b, begin, artifact == NULL ? 0 : artifact->length);
}

int run_message_decode(struct run_message *run, const uint8_t *payload, size_t length)
{
	struct cursor c = {.next = payload, .left = length};

	run->language = get_slice(&c);
	run->limits = get_limits(&c);
	run->code = get_slice(&c);
	run->input = get_slice(&c);

	run->args_count = cursor_u32(&c);
	if (c.failed || run->args_count > JOB_ARGS_MAX)
		return -EBADMSG;
	run->args = calloc(run->args_count + 1, sizeof(*run->args));
	if (run->args == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < run->args_count; i++)
		run->args[i] = get_slice(&c);

	run->files_count = cursor_u32(&c);
	if (c.failed || run->files_count > JOB_FILES_MAX)
		return -EBADMSG;
	run->files = calloc(run->files_count + 1, sizeof(*run->files));
	if (run->files == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < run->files_count; i++) {
		run->files[i].name = get_slice(&c);
		run->files[i].content = get_slice(&c);
	}
	get_artifact(&c, run);
	return cursor_is_complete(&c) ? 0 : -EBADMSG;
}

void run_message_fini(struct run_message *run)
{
	free(run->args);
	free(run->files);
	run->args = NULL;
	run->files = NULL;
}

void output_message_prefix(uint8_t prefix[OUTPUT_PREFIX_BYTES], enum stream stream, size_t length)
{
	frame_put_header(prefix, FRAME_OUTPUT, (uint32_t)length + 1);
	prefix[FRAME_HEADER_BYTES] = (uint8_t)stream;
}

int output_message_decode(struct output_message *output, const uint8_t *payload, size_t length)
{
	if (length < 2 || payload[0] < STREAM_STDOUT || payload[0] > STREAM_COMPILE)
		return -EBADMSG;
	output->stream = (enum stream)payload[0];
	output->bytes = (struct slice){.data = payload + 1, .length = length - 1};
	return 0;
}

static void put_stage(struct buf *b, const struct stage_report *stage)
{
	put_number(b, stage->ran, 1);
	put_number(b, (uint32_t)stage->exit_code, 4);
	put_number(b, (uint32_t)stage->signal, 4);
	put_number(b, (uint64_t)stage->wall_us, 8);
	put_number(b, (uint64_t)stage->cpu_us, 8);
	put_number(b, stage->memory_bytes, 8);
}

/* A year: longer than any stage, and far from overflow when added up. */
#define STAGE_US_MAX (UINT64_C(366) * 24 * 3600 * 1000000)

static struct stage_report get_stage(struct cursor *c)
{
	struct stage_report stage = {.ran = cursor_u8(c) != 0};
	uint32_t exit_code = cursor_u32(c);
	uint32_t signal = cursor_u32(c);
	uint64_t wall_us = cursor_u64(c);
	uint64_t cpu_us = cursor_u64(c);

	stage.memory_bytes = cursor_u64(c);
	if ((exit_code > 255 && exit_code != UINT32_MAX) || signal > 64 || wall_us > STAGE_US_MAX ||
	    cpu_us > STAGE_US_MAX || stage.memory_bytes > INT64_MAX)
		c->failed = true;
	if (stage.ran && (exit_code == UINT32_MAX) != (signal != 0))
		c->failed = true;
	stage.exit_code = exit_code == UINT32_MAX ? -1 : (int)(exit_code & 255);
	stage.signal = (int)(signal & 127);
	stage.wall_us = (int64_t)wall_us;
	stage.cpu_us = (int64_t)cpu_us;
	return stage;
}

void done_message_encode(struct buf *b, const struct outcome *outcome)
{
	size_t begin = frame_begin(b, FRAME_DONE);

	put_stage(b, &outcome->compile);
	put_stage(b, &outcome->run);
	put_number(b, outcome->limit.name, 1);
	put_number(b, outcome->limit.allowed, 8);
	put_number(b, outcome->limit.measured, 8);
	put_number(b, outcome->stdout_truncated, 1);
	put_number(b, outcome->stderr_truncated, 1);
	put_number(b, outcome->compile_truncated, 1);
	frame_end(b, begin);
}

int done_message_decode(struct outcome *outcome, const uint8_t *payload, size_t length)
{
	struct cursor c = {.next = payload, .left = length};
	uint8_t limit;

	outcome->compile = get_stage(&c);
	outcome->run = get_stage(&c);
	limit = cursor_u8(&c);
	outcome->limit.allowed = cursor_u64(&c);
	outcome->limit.measured = cursor_u64(&c);
	outcome->stdout_truncated = cursor_u8(&c) != 0;
	outcome->stderr_truncated = cursor_u8(&c) != 0;
	outcome->compile_truncated = cursor_u8(&c) != 0;
	if (!cursor_is_complete(&c) || limit >= LIMIT_QUEUE || outcome->limit.allowed > INT64_MAX ||
	    outcome->limit.measured > INT64_MAX)
		return -EBADMSG;
	if (!outcome->compile.ran && !outcome->run.ran)
		return -EBADMSG;
	outcome->limit.name = (enum limit_name)limit;
	return 0;
}

void ready_message_encode(struct buf *b, const struct ready_message *ready)
{
	size_t begin = frame_begin(b, FRAME_READY);

	put_number(b, ready->processes, 4);
	put_number(b, ready->files, 4);
	put_number(b, ready->ipc, 4);
	put_number(b, ready->residue, 4);
	put_number(b, ready->memory_bytes, 8);
	frame_end(b, begin);
}

int ready_message_decode(struct ready_message *ready, const uint8_t *payload, size_t length)
{
	struct cursor c = {.next = payload, .left = length};

	ready->processes = cursor_u32(&c);
	ready->files = cursor_u32(&c);
	ready->ipc = cursor_u32(&c);
	ready->residue = cursor_u32(&c);
	ready->memory_bytes = cursor_u64(&c);
	return cursor_is_complete(&c) ? 0 : -EBADMSG;
}

void residue_format(uint32_t residue, char *text, size_t size)
{
	static const char *const names[] = {"files", "IPC", "mounts", "descriptors", "memory"};
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int put;

		if ((residue & (1U << i)) == 0 || length >= size)
			continue;
		put = snprintf(text + length, size - length, "%s%s", length == 0 ? "" : ", ",
			       names[i]);
		length += put > 0 ? (size_t)put : 0;
	}
	if (text[0] == '\0' && residue != 0)
		(void)snprintf(text, size, "something unknown");
}

void fault_message_encode(struct buf *b, const char *text)
{
	size_t begin = frame_begin(b, FRAME_FAULT);

	(void)buf_append_text(b, text);
	frame_end(b, begin);
}

void fault_message_decode(char *text, size_t size, const uint8_t *payload, size_t length)
{
	size_t kept = length < size - 1 ? length : size - 1;

	for (size_t i = 0; i < kept; i++)
		text[i] = payload[i] >= 0x20 && payload[i] <= 0x7e ? (char)payload[i] : '?';
	text[kept] = '\0';
}
