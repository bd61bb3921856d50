/* Builders: threads that create containers until the pool has its size, and remove the doomed.
 *
 * Creating comes first: a job may be waiting for it, while a doomed container has lost its channel
 * and is on its way out by itself. But an agent in a stranger's hands does not go, so that no more
 * containers are left to themselves than the pool is large. A daemon that cannot be reached, or
 * that refuses, is tried again with growing pauses; the reason is logged when it changes, and told
 * to the jobs that wait in vain. */
#include "pool/internal.h"

#include "base/clock.h"
#include "channel/channel.h"
#include "frame/hello.h"
#include "languages/languages.h"
#include "log/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_PAUSE_MS 100
#define LONGEST_PAUSE_MS 2000

/* A kilnd that is killed between the creation and the start of a container leaves one that nothing
 * ends, and an engine of its name may never start again. So each engine removes what has not been
 * started for so long that nobody can be about to: calls of the daemon time out long before. */
#define LEFTOVER_AGE_SECONDS 600
#define TIDY_PERIOD_MS 600000

enum work {
	WORK_RELIEVE,
	WORK_SWEEP,
	WORK_BUILD,
	WORK_REMOVE,
	WORK_TIDY,
	WORK_END,
};

static bool wants_container_locked(const struct pool *pool) REQUIRES(pool->lock)
{
	return !pool->stopping && pool->doomed_count <= pool->config->pool_size &&
	       pool->idle_count + pool->leased_count + pool->building + pool->listening <
		       pool->config->pool_size;
}

static int64_t pause_ms(unsigned failures)
{
	int64_t pause = FIRST_PAUSE_MS;

	while (failures-- > 1 && pause < LONGEST_PAUSE_MS)
		pause *= 2;
	return pause < LONGEST_PAUSE_MS ? pause : LONGEST_PAUSE_MS;
}

/* What a builder has to do, taken out of the pool's lists for it. */
struct task {
	enum work work;
	uint64_t serial;          /* of a container to build */
	struct container *doomed; /* to remove */
	struct relief relief;
};

static bool is_time_to_tidy_locked(const struct pool *pool) REQUIRES(pool->lock)
{
	return pool->swept && !pool->stopping && clock_now_ns() >= pool->tidy_at_ns;
}

/* When there may be work without anybody's saying so. */
static int64_t next_look_ns_locked(const struct pool *pool, bool may_call) REQUIRES(pool->lock)
{
	if (!may_call)
		return pool->retry_at_ns;
	return pool->swept ? pool->tidy_at_ns : CLOCK_FOREVER;
}

static void next_task(struct pool *pool, struct task *task)
{
	mutex_lock(&pool->lock);
	for (;;) {
		bool may_call = clock_now_ns() >= pool->retry_at_ns;

		if (pool->reliefs_count > 0) {
			task->relief = pool->reliefs[--pool->reliefs_count];
			task->work = WORK_RELIEVE;
			break;
		}
		if (may_call && !pool->swept && !pool->stopping && pool->building == 0) {
			pool->building++;
			task->work = WORK_SWEEP;
			break;
		}
		if (may_call && pool->swept && wants_container_locked(pool)) {
			pool->building++;
			task->serial = pool->next_serial++;
			task->work = WORK_BUILD;
			break;
		}
		if (pool->doomed != NULL) {
			task->doomed = pool->doomed;
			pool->doomed = pool->doomed->next;
			pool->doomed_count--;
			task->work = WORK_REMOVE;
			break;
		}
		if (may_call && is_time_to_tidy_locked(pool)) {
			pool->tidy_at_ns = clock_after_ms(TIDY_PERIOD_MS);
			task->work = WORK_TIDY;
			break;
		}
		if (pool->stopping && pool->listening == 0) {
			task->work = WORK_END;
			break;
		}
		(void)cond_wait_until(&pool->work_available, &pool->lock,
				      next_look_ns_locked(pool, may_call));
	}
	mutex_unlock(&pool->lock);
}

static void note_success(struct pool *pool)
{
	bool was_troubled;

	mutex_lock(&pool->lock);
	was_troubled = pool->trouble[0] != '\0';
	pool->failures = 0;
	pool->retry_at_ns = 0;
	pool->trouble[0] = '\0';
	mutex_unlock(&pool->lock);
	if (was_troubled)
		log_info("containers can be built again");
}

static void note_failure(struct pool *pool, const struct err *err)
{
	bool is_news;

	mutex_lock(&pool->lock);
	is_news = strncmp(pool->trouble, err->text, sizeof(pool->trouble) - 1) != 0 &&
		  !pool->stopping;
	(void)snprintf(pool->trouble, sizeof(pool->trouble), "%s", err->text);
	pool->failures++;
	pool->retry_at_ns = clock_after_ms(pause_ms(pool->failures));
	mutex_unlock(&pool->lock);
	if (is_news)
		log_warn("containers cannot be built; trying again", log_text("error", err->text));
}

static void end_building(struct pool *pool)
{
	mutex_lock(&pool->lock);
	pool->building--;
	cond_broadcast(&pool->work_available);
	mutex_unlock(&pool->lock);
}

/* Removes what an engine of the same name left behind, and nothing else. */
static int remove_leftovers(const struct pool *pool, struct docker *docker, struct err *err)
{
	char(*ids)[DOCKER_ID_BYTES] = NULL;
	size_t count = 0;
	int result = docker_list(docker, ENGINE_LABEL, pool->config->engine_name, &ids, &count,
				 err);

	for (size_t i = 0; result == 0 && i < count; i++) {
		result = container_remove(docker, ids[i], err);
		if (result == 0)
			log_info("container of an earlier run removed",
				 log_text("container_id", ids[i]));
	}
	free(ids);
	return result;
}

static void sweep(struct pool *pool, struct docker *docker)
{
	struct err err = {0};

	if (remove_leftovers(pool, docker, &err) < 0) {
		note_failure(pool, &err);
	} else {
		mutex_lock(&pool->lock);
		pool->swept = true;
		mutex_unlock(&pool->lock);
	}
	end_building(pool);
}

/* Once, and again when another image or runtime brings another answer. */
static void log_walls(struct pool *pool, uint32_t walls)
{
	bool is_news;

	mutex_lock(&pool->lock);
	is_news = pool->walls != walls;
	pool->walls = walls;
	mutex_unlock(&pool->lock);
	if (is_news)
		log_info("walls inside the containers",
			 log_flag("seccomp", (walls & WALL_SECCOMP) != 0),
			 log_flag("landlock", (walls & WALL_LANDLOCK) != 0));
}

static void build(struct pool *pool, struct docker *docker, struct hello *hello, uint64_t serial)
{
	struct container *container;
	struct err err = {0};
	int64_t start_ns = clock_now_ns();

	if (container_build(pool, docker, serial, hello, &container, &err) < 0) {
		note_failure(pool, &err);
	} else {
		log_debug("container ready", log_text("container_id", container->id),
			  log_real("duration_ms", clock_ms(clock_now_ns() - start_ns)));
		languages_update(pool->languages, hello);
		log_walls(pool, hello->walls);
		note_success(pool);
		pool_discover(pool, hello);
		/* Where that fails, the container is found dead as soon as it is idle. */
		(void)pool_prepare(pool, container);
		pool_add_idle(pool, container);
	}
	end_building(pool);
}

static void remove_doomed(struct docker *docker, struct container *container)
{
	struct err err = {0};

	/* Most are gone already: their agent saw the end of its channel. With the daemon away there
	 * is nothing to be done now; the next start of an engine of this name removes them. */
	if (container_remove(docker, container->id, &err) < 0)
		log_warn("container not removed", log_text("container_id", container->id),
			 log_text("error", err.text));
	container_free(container);
}

/* Of all engines of this daemon. One that may not do it, say behind a proxy that filters its calls,
 * can do without. */
static void tidy(struct docker *docker)
{
	struct err err = {0};
	size_t count = 0;
	int result = docker_prune(docker, ENGINE_LABEL, LEFTOVER_AGE_SECONDS, &count, &err);

	if (result < 0 && result != -EALREADY)
		log_debug("old containers could not be removed", log_text("error", err.text));
	if (count > 0)
		log_info("containers that were never started removed",
			 log_number("count", (int64_t)count));
}

/* Too late is no failure: the job may be over, and its container gone. */
static void relieve(struct docker *docker, const struct relief *relief)
{
	struct err err = {0};
	int result = docker_lift_cpu_quota(docker, relief->id, &err);

	if (result < 0 && result != -ENOENT && result != -EALREADY)
		log_warn("a CPU quota could not be lifted", log_text("container_id", relief->id),
			 log_text("error", err.text));
}

/* Containers that came up while the pool was being stopped. */
static void doom_late_comers(struct pool *pool)
{
	for (;;) {
		uint64_t serial;
		bool any;

		mutex_lock(&pool->lock);
		any = pool->stopping && pool->idle != NULL;
		serial = any ? pool->idle->serial : 0;
		mutex_unlock(&pool->lock);
		if (!any)
			return;
		(void)pool_doom_idle(pool, serial);
	}
}

static void do_task(struct pool *pool, struct docker *docker, struct hello *hello,
		    const struct task *task)
{
	switch (task->work) {
	case WORK_RELIEVE:
		relieve(docker, &task->relief);
		break;
	case WORK_SWEEP:
		sweep(pool, docker);
		break;
	case WORK_BUILD:
		build(pool, docker, hello, task->serial);
		break;
	case WORK_REMOVE:
		remove_doomed(docker, task->doomed);
		break;
	case WORK_TIDY:
		tidy(docker);
		break;
	case WORK_END:
		break;
	}
}

void *builder_main(void *arg)
{
	struct pool *pool = arg;
	struct err err = {0};
	struct docker *docker = docker_open(pool->config->docker_socket, &err);
	struct hello *hello = calloc(1, sizeof(*hello));

	if (docker == NULL || hello == NULL)
		log_error("a builder cannot start", log_text("error", err.text));
	while (docker != NULL && hello != NULL) {
		struct task task;

		next_task(pool, &task);
		if (task.work == WORK_END)
			break;
		do_task(pool, docker, hello, &task);
		doom_late_comers(pool);
	}
	free(hello);
	docker_close(docker);
	return NULL;
}
