/* outcome: what an agent reports of a job, in numbers.
 *
 * Every value may be a lie of a broken agent; it is checked for range where it is decoded. */
#ifndef KILN_JOB_OUTCOME_H
#define KILN_JOB_OUTCOME_H

#include "job/limits.h"

#include <stdbool.h>
#include <stdint.h>

/* One process tree that was run to its end. */
struct stage_report {
	bool ran;
	int exit_code; /* -1 when a signal ended it */
	int signal;    /* 0 when it exited */
	int64_t wall_us;
	int64_t cpu_us; /* of all its processes */
	uint64_t memory_bytes;
};

/* Output belongs to one of these. The values travel in frames. */
enum stream {
	STREAM_STDOUT = 1,
	STREAM_STDERR = 2,
	STREAM_COMPILE = 3, /* what the compiler printed */
};

struct outcome {
	struct stage_report compile; /* did not run for a language that is interpreted */
	struct stage_report run;     /* did not run when the compiler failed */
	struct limit_hit limit;      /* the limit that ended a stage */
	bool stdout_truncated;
	bool stderr_truncated;
	bool compile_truncated;
};

#endif
