#include "queue/queue.h"

#include "base/sync.h"
#include "job/job.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

struct queue {
	size_t capacity; /* immutable */
	size_t slots;    /* immutable: capacity, and one for each consumer */
	struct mutex lock;
	struct cond nonempty;
	bool closed GUARDED_BY(lock);
	size_t waiting GUARDED_BY(lock); /* consumers in queue_pop */
	size_t head GUARDED_BY(lock);
	size_t count GUARDED_BY(lock);
	struct job *slot[] GUARDED_BY(lock);
};

struct queue *queue_new(size_t capacity, size_t consumers)
{
	size_t slots = capacity + consumers;
	struct queue *q = calloc(1, sizeof(*q) + slots * sizeof(struct job *));

	if (q == NULL)
		return NULL;
	q->capacity = capacity;
	q->slots = slots;
	mutex_init(&q->lock);
	cond_init(&q->nonempty);
	return q;
}

static struct job *take_head_locked(struct queue *q) REQUIRES(q->lock)
{
	struct job *job = q->slot[q->head];

	q->slot[q->head] = NULL;
	q->head = (q->head + 1) % q->slots;
	q->count--;
	return job;
}

void queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	mutex_lock(&q->lock);
	while (q->count > 0)
		job_free(take_head_locked(q));
	mutex_unlock(&q->lock);
	cond_fini(&q->nonempty);
	mutex_fini(&q->lock);
	free(q);
}

/* A consumer that waits has a place for one job beyond the capacity. */
static bool has_room_locked(const struct queue *q) REQUIRES(q->lock)
{
	return q->count < q->capacity + q->waiting && q->count < q->slots;
}

int queue_push(struct queue *q, struct job **job)
{
	int result = 0;

	mutex_lock(&q->lock);
	if (q->closed) {
		result = -ESHUTDOWN;
	} else if (!has_room_locked(q)) {
		result = -EAGAIN;
	} else {
		q->slot[(q->head + q->count) % q->slots] = *job;
		q->count++;
		*job = NULL;
		cond_signal(&q->nonempty);
	}
	mutex_unlock(&q->lock);
	return result;
}

int queue_pop(struct queue *q, struct job **ret_job)
{
	int result = 0;

	mutex_lock(&q->lock);
	q->waiting++;
	while (q->count == 0 && !q->closed)
		cond_wait(&q->nonempty, &q->lock);
	q->waiting--;
	if (q->count == 0)
		result = -ESHUTDOWN;
	else
		*ret_job = take_head_locked(q);
	mutex_unlock(&q->lock);
	return result;
}

int queue_pop_expired(struct queue *q, int64_t now_ns, struct job **ret_job)
{
	int result = -ENOENT;

	/* Every job waits equally long, so the oldest is the first to expire. */
	mutex_lock(&q->lock);
	if (q->count > 0 && q->slot[q->head]->deadline_ns <= now_ns) {
		*ret_job = take_head_locked(q);
		result = 0;
	}
	mutex_unlock(&q->lock);
	return result;
}

void queue_close(struct queue *q)
{
	mutex_lock(&q->lock);
	q->closed = true;
	cond_broadcast(&q->nonempty);
	mutex_unlock(&q->lock);
}

size_t queue_capacity(const struct queue *q)
{
	return q->capacity;
}

size_t queue_length(struct queue *q)
{
	size_t count;

	mutex_lock(&q->lock);
	count = q->count;
	mutex_unlock(&q->lock);
	return count;
}
