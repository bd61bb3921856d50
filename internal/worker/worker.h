/* worker: the threads that take jobs from the queue, have them run, and reply.
 *
 * Threads: the functions here are called by the thread that started the workers. */
#ifndef KILN_WORKER_WORKER_H
#define KILN_WORKER_WORKER_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct broker;
struct cache;
struct config;
struct job;
struct languages;
struct pool;
struct queue;
struct workers;

/* What the workers work with; all borrowed until workers_join. */
struct worker_context {
	const struct config *config;
	struct languages *languages;
	struct cache *compile_cache; /* NULL: off */
	struct queue *queue;
	struct pool *pool;
	struct broker *broker;
};

struct workers *workers_start(const struct worker_context *context, struct err *err);

/* True when every worker has ended, which they do once the queue is closed and empty. Waits until
 * the deadline (clock.h). */
bool workers_wait(struct workers *workers, int64_t deadline_ns);

/* From now on jobs are refused instead of run, and a job whose container goes away is refused
 * instead of run again: "the engine is shutting down". */
void workers_abort(struct workers *workers);

/* After the queue was closed. Accepts NULL. */
void workers_join(struct workers *workers);

/* Answers a job that waited longer than it may. Takes *job. */
void worker_refuse_expired(const struct worker_context *context, struct job **job);

#endif
