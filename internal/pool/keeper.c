/* The two threads that watch: the keeper hears what idle containers say, and sees the end of one
 * half a millisecond after its death; the events thread follows the Docker engine, which knows the
 * exit status, and tells when a daemon that was away is back. */
#include "pool/internal.h"

#include "base/clock.h"
#include "log/log.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_PER_WAIT 16
/* How soon a daemon that is back is noticed, when no event tells. */
#define LOOK_MS 1000

void *keeper_main(void *arg)
{
	struct pool *pool = arg;

	while (!pool_is_stopping(pool)) {
		struct epoll_event events[EVENTS_PER_WAIT];
		int count = epoll_wait(pool->epoll_fd, events, EVENTS_PER_WAIT, -1);

		for (int i = 0; i < count; i++) {
			if (events[i].data.u64 != UINT64_MAX &&
			    !pool_hear_idle(pool, events[i].data.u64))
				log_warn("an idle container died; replacing it");
		}
	}
	return NULL;
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

	while (!pool_is_stopping(pool)) {
		struct docker_event event;
		struct err err = {0};
		int result = docker_events_next(pool->events, clock_after_ms(LOOK_MS), &event,
						&err);

		if (result > 0)
			take_event(pool, &event);
		if (result < 0 && !away && !pool_is_stopping(pool)) {
			log_warn("the Docker daemon is away", log_text("error", err.text));
			away = true;
		}
		if (away && docker_events_is_connected(pool->events)) {
			log_info("the Docker daemon is back");
			retry_builds_now(pool);
			away = false;
		}
	}
	return NULL;
}
