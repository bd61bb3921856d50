/* The two threads that watch: the keeper sees an idle container's channel end, half a millisecond
 * after its death; the events thread follows the Docker engine, which knows the exit status, and
 * tells when a daemon that was away is back. */
#include "pool/internal.h"

#include "base/clock.h"
#include "log/log.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_PER_WAIT 16
#define EVENTS_RETRY_MS 500

static bool is_stopping(struct pool *pool)
{
	bool stopping;

	mutex_lock(&pool->lock);
	stopping = pool->stopping;
	mutex_unlock(&pool->lock);
	return stopping;
}

void *keeper_main(void *arg)
{
	struct pool *pool = arg;

	while (!is_stopping(pool)) {
		struct epoll_event events[EVENTS_PER_WAIT];
		int count = epoll_wait(pool->epoll_fd, events, EVENTS_PER_WAIT, -1);

		/* A container that was leased in the meantime is its worker's business. */
		for (int i = 0; i < count; i++) {
			if (events[i].data.u64 != UINT64_MAX &&
			    pool_doom_idle(pool, events[i].data.u64))
				log_warn("an idle container died; replacing it");
		}
	}
	return NULL;
}

/* Until the deadline, or until something happens in the pool, such as its end. */
static void pause_until(struct pool *pool, int64_t deadline_ns)
{
	mutex_lock(&pool->lock);
	if (!pool->stopping)
		(void)cond_wait_until(&pool->work_available, &pool->lock, deadline_ns);
	mutex_unlock(&pool->lock);
}

static void retry_builds_now(struct pool *pool)
{
	mutex_lock(&pool->lock);
	pool->retry_at_ns = 0;
	cond_broadcast(&pool->work_available);
	mutex_unlock(&pool->lock);
}

static void take_event(struct pool *pool, const struct docker_event *event)
{
	if (event->kind == DOCKER_EVENT_OOM)
		log_debug("container ran out of memory", log_text("container_id", event->id));
	if (event->kind != DOCKER_EVENT_DIE)
		return;
	log_debug("container ended", log_text("container_id", event->id),
		  log_number("exit_code", event->exit_code));
	(void)pool_doom_idle_by_id(pool, event->id);
}

void *events_main(void *arg)
{
	struct pool *pool = arg;
	bool away = false;

	while (!is_stopping(pool)) {
		struct docker_event event;
		struct err err = {0};
		int64_t deadline_ns = away ? clock_after_ms(EVENTS_RETRY_MS) : CLOCK_FOREVER;
		int result = docker_events_next(pool->events, deadline_ns, &event, &err);

		if (result > 0)
			take_event(pool, &event);
		if (result < 0 && !away && !is_stopping(pool))
			log_warn("the Docker daemon is away", log_text("error", err.text));
		if (result >= 0 && away) {
			log_info("the Docker daemon is back");
			retry_builds_now(pool);
		}
		if (result < 0)
			pause_until(pool, clock_after_ms(EVENTS_RETRY_MS));
		away = result < 0;
	}
	return NULL;
}
