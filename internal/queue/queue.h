/* queue: the bounded channel between the broker and the workers.
 *
 * First in, first out. It holds `capacity` jobs, and hands on one more for each worker that waits
 * in queue_pop: with a capacity of zero a job is taken when a worker is free for it, or refused.
 *
 * Threads:   any function, any thread.
 * Ownership: a pushed job belongs to the queue, a popped one to the caller. */
#ifndef KILN_QUEUE_QUEUE_H
#define KILN_QUEUE_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct job;
struct queue;

/* `consumers`: the most threads that will ever wait in queue_pop. NULL: out of memory. */
struct queue *queue_new(size_t capacity, size_t consumers);
void queue_free(struct queue *q); /* accepts NULL; no thread is in a call; frees jobs left in it */

/* Takes *job and sets it to NULL on success.
 * -EAGAIN full, -ESHUTDOWN closed: *job stays with the caller. */
int queue_push(struct queue *q, struct job **job);

/* Blocks until there is a job. -ESHUTDOWN once the queue is closed and empty. */
int queue_pop(struct queue *q, struct job **ret_job);

/* No more pushes; wakes all. Idempotent. */
void queue_close(struct queue *q);

/* A job whose deadline has passed at now_ns is taken out: 0, or -ENOENT when there is none. */
int queue_pop_expired(struct queue *q, int64_t now_ns, struct job **ret_job);

size_t queue_capacity(const struct queue *q);
size_t queue_length(struct queue *q);

#endif
