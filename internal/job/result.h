/* result: all that a reply tells of a job.
 *
 * Threads: one owner at a time. Ownership: result_fini() frees. */
#ifndef KILN_JOB_RESULT_H
#define KILN_JOB_RESULT_H

#include "base/buf.h"
#include "job/outcome.h"
#include "job/verdict.h"

/* A run of bytes of one stream, in the order of arrival. */
struct span {
	enum stream stream;
	size_t length;
};

/* Everything that the job printed, as it arrived: the bytes of all streams one after the other,
 * and whose they are. Neighbouring spans are of different streams. */
struct output {
	struct buf bytes;
	struct span *spans;
	size_t spans_count;
	size_t spans_capacity;
};

struct timing {
	int64_t queue_us;
	int64_t lease_us;
	int64_t compile_us;
	int64_t run_us;
	int64_t total_us; /* from receipt to the moment at which the reply is formatted */
};

struct result {
	enum verdict verdict;
	char error[256];   /* "" on success */
	bool decode_error; /* rejected because base64 was wrong; has a status message of its own */
	struct outcome outcome;
	bool compile_cached; /* what the outcome tells of the compile was known before */
	struct output output;
	struct timing timing;
};

/* `output_max`: the most bytes that its output may hold, of all streams together. */
void result_init(struct result *result, size_t output_max);
void result_fini(struct result *result);

/* Back to the state after result_init, for another attempt. */
void result_reset(struct result *result);

/* 0, -ENOSPC when the output holds what it may hold, -ENOMEM. */
int output_append(struct output *output, enum stream stream, const void *data, size_t length);

/* How many bytes of the stream the output holds. */
size_t output_stream_bytes(const struct output *output, enum stream stream);

/* A result without a run: rejected, busy, cancelled, internal_error. */
void result_refuse(struct result *result, enum verdict verdict, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Sets verdict and error from the outcome. */
void result_conclude(struct result *result);

#endif
