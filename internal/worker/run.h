/* run: one attempt at a job, on one leased container. */
#ifndef KILN_WORKER_RUN_H
#define KILN_WORKER_RUN_H

#include "base/err.h"

struct channel;
struct job;
struct result;
struct reuse;

/* Told, once, when the agent is later with DONE than the job's time limit allows. */
struct run_watch {
	void (*late)(void *arg);
	void *arg;
};

/* Sends the job, with what the cache has for it, and reads until DONE. The result has output,
 * outcome and verdict then.
 *   0        done
 *   -EPIPE   the container died before it was done
 *   -ETIMEDOUT, -EBADMSG, -EMSGSIZE, -ENOSPC   the agent is silent, or does not keep to the
 *            protocol or to the limits; it is not to be used again
 *   -EREMOTEIO   the agent said why it cannot run the job (err has its text)
 *   -ENOMEM */
int run_attempt(struct channel *channel, const struct job *job, struct reuse *reuse,
		const struct run_watch *watch, struct result *result, struct err *err);

/* Waits for READY, and takes the artifact that comes before it when one is wanted. 0 when the
 * container can take the next job, and the artifact, if any, is whole; else a negative errno. */
int run_await_ready(struct channel *channel, struct reuse *reuse, struct err *err);

#endif
