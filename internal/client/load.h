/* load: a closed loop of requests: each of N threads, with a connection of its own, sends one,
 * waits for its reply, and sends the next. */
#ifndef KILN_CLIENT_LOAD_H
#define KILN_CLIENT_LOAD_H

#include "base/err.h"
#include "client/attempt.h"
#include "client/samples.h"

#include <stdint.h>

#define LOAD_LANES_MAX 512u

struct load;

struct load_report {
	struct samples latencies; /* of what came out ok */
	uint64_t outcomes[ATTEMPT_OUTCOMES];
	int64_t elapsed_ns;
};

/* Connects all lanes. NULL: err says why. The target is borrowed until load_close(). */
struct load *load_open(const struct config *config, const struct attempt_target *target,
		       unsigned lanes, struct err *err);
void load_close(struct load *load); /* accepts NULL */

/* Sends `requests` in all, or until the deadline (clock.h) or an interrupt. A lane that loses its
 * connection ends. 0 or a negative errno; load_report_fini() frees. */
int load_run(struct load *load, uint64_t requests, int64_t deadline_ns,
	     struct load_report *ret_report, struct err *err);
void load_report_fini(struct load_report *report);

#endif
