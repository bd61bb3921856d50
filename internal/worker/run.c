#include "worker/run.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "channel/channel.h"
#include "frame/message.h"
#include "job/result.h"

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

static int send_run(struct channel *channel, const struct job *job, int64_t deadline_ns,
		    struct err *err)
{
	auto_buf struct buf message;

	buf_init(&message, FRAME_TO_AGENT_MAX + FRAME_HEADER_BYTES);
	run_message_encode(&message, job, NULL, false);
	if (buf_failed(&message))
		return err_set(err, -ENOMEM, "memory for the RUN frame");
	return channel_send(channel, message.data, message.length, deadline_ns, err);
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

int run_attempt(struct channel *channel, const struct job *job, const struct run_watch *watch,
		struct result *result, struct err *err)
{
	struct patience patience = patience_begin(job);
	int status = send_run(channel, job, patience.end_ns, err);
	unsigned warm_words = 0;

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
	result_conclude(result);
	return 0;
}

int run_await_ready(struct channel *channel, struct err *err)
{
	struct ready_message ready;
	struct frame frame;
	int status = channel_receive(channel, clock_after_ms(READY_PATIENCE_MS), &frame, err);

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
