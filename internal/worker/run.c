#include "worker/run.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "cache/cache.h"
#include "channel/channel.h"
#include "frame/message.h"
#include "job/result.h"
#include "worker/reuse.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* The agent keeps the time limits, to the millisecond. This is for an agent that does not: beyond
 * what the job may take, it has this long. */
#define AGENT_PATIENCE_MS 10000
#define READY_PATIENCE_MS 10000

/* An agent that can act is never later than this. */
#define LATE_MS 25

/* What an agent said before it saw the job may arrive after it was sent. */
#define WARM_WORDS_MAX 4

/* Until when to wait for the agent's next frame. */
struct patience {
	int64_t late_ns; /* then the watch is told; CLOCK_FOREVER once it was */
	int64_t end_ns;
	bool started; /* the agent has said that the program runs */
};

static struct patience patience_begin(const struct job *job)
{
	uint64_t first_ms = job->compiled ? job->limits.compile_wall_ms : job->limits.wall_ms;

	return (struct patience){
		.late_ns = clock_after_ms((int64_t)first_ms + LATE_MS),
		.end_ns = clock_after_ms(
			(int64_t)(job->limits.compile_wall_ms + job->limits.wall_ms) +
			AGENT_PATIENCE_MS),
	};
}

/* The next frame, whether it is late or not. */
static int receive(struct channel *channel, struct patience *patience,
		   const struct run_watch *watch, struct frame *ret_frame, struct err *err)
{
	bool may_be_late = patience->late_ns < patience->end_ns;
	int status = channel_receive(channel, may_be_late ? patience->late_ns : patience->end_ns,
				     ret_frame, err);

	if (status != -ETIMEDOUT || !may_be_late)
		return status;
	watch->late(watch->arg);
	patience->late_ns = CLOCK_FOREVER;
	return channel_receive(channel, patience->end_ns, ret_frame, err);
}

/* An artifact goes out from where the cache keeps it: it may have megabytes. */
static int send_run(struct channel *channel, const struct job *job, const struct reuse *reuse,
		    int64_t deadline_ns, struct err *err)
{
	const struct artifact *artifact = reuse->entry == NULL ? NULL : &reuse->entry->artifact;
	auto_buf struct buf message;
	int status;

	buf_init(&message, FRAME_TO_AGENT_MAX + FRAME_HEADER_BYTES);
	run_message_encode(&message, job, artifact, reuse->wants_artifact);
	if (buf_failed(&message))
		return err_set(err, -ENOMEM, "memory for the RUN frame");
	status = channel_send(channel, message.data, message.length, deadline_ns, err);
	if (status == 0 && artifact != NULL)
		status = channel_send(channel, artifact->data, artifact->length, deadline_ns, err);
	return status;
}

/* At most once: one that repeats it for ever would hold a worker until its patience ends. */
static int take_started(const struct frame *frame, const struct job *job, struct patience *patience,
			struct err *err)
{
	if (patience->started || frame->length != 0)
		return err_set(err, -EBADMSG, "malformed STARTED");
	patience->started = true;
	patience->late_ns = clock_after_ms((int64_t)job->limits.wall_ms + LATE_MS);
	return 0;
}

static int take_output(const struct frame *frame, struct result *result, struct err *err)
{
	struct output_message output;
	int status = output_message_decode(&output, frame->payload, frame->length);

	if (status < 0)
		return err_set(err, status, "malformed OUTPUT");
	status = output_append(&result->output, output.stream, output.bytes.data,
			       output.bytes.length);
	if (status < 0)
		return err_set(err, status, "output beyond the limit that the agent was given");
	return 0;
}

static int take_fault(const struct frame *frame, struct err *err)
{
	char text[160];

	fault_message_decode(text, sizeof(text), frame->payload, frame->length);
	return err_set(err, -EREMOTEIO, "agent: %s", text);
}

/* 1 when the job is done. */
static int take_frame(const struct frame *frame, struct result *result, struct err *err)
{
	switch (frame->type) {
	case FRAME_OUTPUT:
		return take_output(frame, result, err);
	case FRAME_DONE:
		if (done_message_decode(&result->outcome, frame->payload, frame->length) < 0)
			return err_set(err, -EBADMSG, "malformed DONE");
		return 1;
	case FRAME_FAULT:
		return take_fault(frame, err);
	default:
		return err_set(err, -EBADMSG, "frame of type %d while a job runs", frame->type);
	}
}

/* What the compiler said when it was asked, before anything that the program says. */
static int repeat_compile_output(const struct reuse *reuse, struct result *result, struct err *err)
{
	const struct cache_entry *entry = reuse->entry;

	if (entry != NULL && output_append(&result->output, STREAM_COMPILE, entry->output,
					   entry->output_length) < 0)
		return err_set(err, -ENOMEM, "memory for the compiler's output");
	return 0;
}

int run_attempt(struct channel *channel, const struct job *job, struct reuse *reuse,
		const struct run_watch *watch, struct result *result, struct err *err)
{
	struct patience patience = patience_begin(job);
	int status = repeat_compile_output(reuse, result, err);
	unsigned warm_words = 0;

	if (status == 0)
		status = send_run(channel, job, reuse, patience.end_ns, err);
	while (status == 0) {
		struct frame frame;

		status = receive(channel, &patience, watch, &frame, err);
		if (status == 0 && frame.type == FRAME_WARM && warm_words++ < WARM_WORDS_MAX)
			continue;
		if (status == 0 && frame.type == FRAME_STARTED)
			status = take_started(&frame, job, &patience, err);
		else if (status == 0)
			status = take_frame(&frame, result, err);
	}
	if (status < 0)
		return status;
	if (reuse_conclude(reuse, result) < 0)
		return err_set(err, -EBADMSG, "a compile that was not asked for");
	result_conclude(result);
	return 0;
}

/* The first frame after DONE, or after the artifact where one comes. */
static int receive_last(struct channel *channel, struct reuse *reuse, struct frame *ret_frame,
			struct err *err)
{
	int64_t deadline_ns = clock_after_ms(READY_PATIENCE_MS);
	int status = channel_receive(channel, deadline_ns, ret_frame, err);

	while (status == 0 && ret_frame->type == FRAME_ARTIFACT) {
		if (!reuse->wants_artifact)
			return err_set(err, -EBADMSG, "an artifact that was not asked for");
		status = artifact_reader_take(&reuse->artifact, ret_frame);
		if (status < 0)
			return err_set(err, status, "an artifact that is not whole");
		status = channel_receive(channel, deadline_ns, ret_frame, err);
	}
	if (status == 0 && !artifact_reader_is_settled(&reuse->artifact))
		return err_set(err, -EBADMSG, "an artifact that was cut short");
	return status;
}

int run_await_ready(struct channel *channel, struct reuse *reuse, struct err *err)
{
	struct ready_message ready;
	struct frame frame;
	int status = receive_last(channel, reuse, &frame, err);

	if (status < 0)
		return status;
	if (frame.type != FRAME_READY ||
	    ready_message_decode(&ready, frame.payload, frame.length) < 0)
		return err_set(err, -EBADMSG, "no READY after a job");
	if (ready.residue != 0) {
		char what[64];

		residue_format(ready.residue, what, sizeof(what));
		return err_set(err, -ENOTEMPTY, "not clean after a job: %s", what);
	}
	return 0;
}
