/* suite_bench: the measurements of `kiln bench --suite`. Each adds its rows to the report.
 *
 * A row that cannot be measured says why in its own words, and the next goes on: only a lost
 * connection and an interrupt end a run. Threads: the main thread. */
#ifndef KILN_CLIENT_SUITE_BENCH_H
#define KILN_CLIENT_SUITE_BENCH_H

#include "base/err.h"
#include "client/attempt.h"
#include "client/box.h"
#include "client/load.h"
#include "client/session.h"
#include "client/stopwatch.h"
#include "client/suite_options.h"
#include "client/suite_row.h"
#include "client/suite_work.h"
#include "config/config.h"

#include <stddef.h>
#include <stdint.h>

/* A pause before each measurement, so that none pays for what the one before left to do, such as
 * Kiln's cleaning up and what it sets ready for the next job. */
#define SUITE_PAUSE_MS 10

/* Requests outstanding at saturation: twice the containers of an engine on two cores. */
#define SUITE_LANES 8

struct suite_bench {
	const struct suite_options *options;
	const struct config *config;
	struct session *session;
	struct box box;
	struct stopwatch stopwatch;
	uint64_t number; /* the last that a source was made with */
	struct suite_report *report;
};

/* Connects, asks for a hello (that names the engine), and starts the container of comparison. */
int suite_bench_open(struct suite_bench *bench, const struct suite_options *options,
		     const struct config *config, struct suite_report *report, struct err *err);
void suite_bench_close(struct suite_bench *bench); /* accepts a zeroed one */

/* suite_latency.c: each work, and how far the slow ones of its requests lie from the median. */
int suite_bench_latencies(struct suite_bench *bench, struct err *err);

/* suite_throughput.c: jobs a second. */
int suite_bench_throughput(struct suite_bench *bench, struct err *err);

/* suite_service.c: what kilnd uses for a job; what everything uses without one; whether many jobs
 * later all is as before. */
int suite_bench_cpu(struct suite_bench *bench, struct err *err);
int suite_bench_idle(struct suite_bench *bench, struct err *err);
int suite_bench_long(struct suite_bench *bench, struct err *err);

/* A request for a work, and what its reply has to be. */
struct suite_request {
	struct attempt_target target;
	char *text; /* what the target sends */
	char source[SUITE_SOURCE_BYTES];
	size_t source_length;
	char expected[SUITE_EXPECTED_BYTES];
};

/* With a number that was not used before. `padded_bytes`: of the source, or 0. */
int suite_request_init(struct suite_request *request, struct suite_bench *bench,
		       const struct suite_work *work, size_t padded_bytes, struct err *err);
void suite_request_fini(struct suite_request *request); /* accepts a zeroed one */

/* Runs a command in the container of comparison; it has to print `expected` (NULL: anything) and
 * end well, else -EIO. */
int suite_run_local(struct suite_bench *bench, const char *const *argv, const char *expected,
		    struct lap *ret_lap, struct err *err);
/* The same of a command for sh, untimed. */
int suite_run_shell(struct suite_bench *bench, const char *command, const char *expected,
		    struct err *err);

/* A load that has to come out well as a whole (else -EIO, or -EINTR), its time for each job, and
 * how long its requests took (NULL: not asked for). */
int suite_run_load(struct load *load, uint64_t jobs, int64_t *ret_ns, struct summary *ret_latency,
		   struct err *err);

void suite_pause(int64_t ms);

/* Says on stderr what is measured now. */
void suite_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
