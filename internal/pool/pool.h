/* pool: the worker containers of this engine, created ahead of the jobs.
 *
 * A container is built in the background (created, started, connected, its HELLO read), waits
 * idle, is leased to one worker at a time, and is released for the next job or retired. The pool
 * always works towards its size: whatever is retired or dies is replaced. A lease never waits for
 * a creation while a container is idle.
 *
 * Threads:   pool_lease, pool_release, pool_retire, pool_status: any thread. The pool has its own:
 *            builders (create and remove), a keeper (hears what idle containers say, and of their
 *            end), and one that follows the Docker engine's events.
 * Ownership: a leased container belongs to the worker until it is released or retired. */
#ifndef KILN_POOL_POOL_H
#define KILN_POOL_POOL_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct channel;
struct config;
struct container;
struct languages;
struct pool;

/* Starts the threads and returns; the containers follow. Leftovers of an engine of the same name
 * are removed first, and those of any that were never started now and then. `config` and
 * `languages` are borrowed until pool_stop. */
struct pool *pool_start(const struct config *config, struct languages *languages, struct err *err);

/* Removes every container and ends the threads. Nothing may be leased. Accepts NULL. */
void pool_stop(struct pool *pool);

/* Waits for an idle container; among several it takes one that is warm for the language. 0,
 * -ETIMEDOUT at the deadline (clock.h), -ESHUTDOWN after pool_close. */
int pool_lease(struct pool *pool, const char *language, int64_t deadline_ns,
	       struct container **ret_container);

/* Back to the pool: the agent said READY and clean. Takes *container. */
void pool_release(struct pool *pool, struct container **container);

/* The job on it is over its time, and its agent is silent: it may have been stopped together with
 * the job, which has spent the container's CPU quota. Lifts the quota, in the background, so that
 * the agent can act; the container is retired after the job. */
void pool_relieve(struct pool *pool, struct container *container);

/* Never to be used again. Takes *container. `cause` is a short text for the log. */
void pool_retire(struct pool *pool, struct container **container, const char *cause);

/* Ends every wait for a lease, now and later. */
void pool_close(struct pool *pool);

/* Breaks the channels of all leased containers, so that their workers stop waiting for them. */
void pool_abort_leased(struct pool *pool);

struct pool_status {
	unsigned size;
	unsigned idle;
	unsigned leased;
	unsigned building;
	char trouble[252]; /* why containers cannot be built at present; "" when they can */
};
void pool_status(struct pool *pool, struct pool_status *ret_status);

struct channel *container_channel(const struct container *container);
const char *container_id(const struct container *container);
/* "" when the daemon did not say. */
const char *container_image_id(const struct container *container);

#endif
