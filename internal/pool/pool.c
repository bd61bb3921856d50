#include "pool/pool.h"

#include "base/clock.h"
#include "channel/channel.h"
#include "log/log.h"
#include "pool/internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

struct channel *container_channel(const struct container *container)
{
	return container->channel;
}

const char *container_id(const struct container *container)
{
	return container->id;
}

const char *container_image_id(const struct container *container)
{
	return container->image_id;
}

/* Unlinks a container from the list that it is in. */
static void unlink_from(struct container **list, const struct container *container)
{
	for (struct container **at = list; *at != NULL; at = &(*at)->next) {
		if (*at == container) {
			*at = container->next;
			return;
		}
	}
}

static void push_on(struct container **list, struct container *container)
{
	container->next = *list;
	*list = container;
}

static void append_to(struct container **list, struct container *container)
{
	while (*list != NULL)
		list = &(*list)->next;
	container->next = NULL;
	*list = container;
}

static void watch(struct pool *pool, struct container *container)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = container->serial};

	(void)epoll_ctl(pool->epoll_fd, EPOLL_CTL_ADD, channel_fd(container->channel), &event);
}

static void unwatch(struct pool *pool, struct container *container)
{
	(void)epoll_ctl(pool->epoll_fd, EPOLL_CTL_DEL, channel_fd(container->channel), NULL);
}

static void add_idle_locked(struct pool *pool, struct container *container) REQUIRES(pool->lock)
{
	container->state = CONTAINER_IDLE;
	append_to(&pool->idle, container);
	pool->idle_count++;
	watch(pool, container);
	cond_signal(&pool->idle_available);
}

static void take_idle_locked(struct pool *pool, struct container *container)
	REQUIRES(pool->lock)
{
	unlink_from(&pool->idle, container);
	pool->idle_count--;
	unwatch(pool, container);
}

/* The first that is warm for the language, or else the first. */
static struct container *choose_idle_locked(struct pool *pool, const char *language)
	REQUIRES(pool->lock)
{
	for (struct container *c = pool->idle; c != NULL; c = c->next) {
		if (warm_set_has(&c->warm, language))
			return c;
	}
	return pool->idle;
}

/* The end of the channel is what ends the agent, and with it the container. */
static void doom_locked(struct pool *pool, struct container *container) REQUIRES(pool->lock)
{
	channel_free(container->channel);
	container->channel = NULL;
	container->state = CONTAINER_DOOMED;
	append_to(&pool->doomed, container);
	pool->doomed_count++;
	cond_broadcast(&pool->work_available);
}

bool pool_is_stopping(struct pool *pool)
{
	bool stopping;

	mutex_lock(&pool->lock);
	stopping = pool->stopping;
	mutex_unlock(&pool->lock);
	return stopping;
}

void pool_add_idle(struct pool *pool, struct container *container)
{
	mutex_lock(&pool->lock);
	add_idle_locked(pool, container);
	mutex_unlock(&pool->lock);
}

static bool doom_idle_locked(struct pool *pool, struct container *container) REQUIRES(pool->lock)
{
	if (container == NULL)
		return false;
	take_idle_locked(pool, container);
	doom_locked(pool, container);
	return true;
}

static struct container *find_idle_locked(struct pool *pool, uint64_t serial)
	REQUIRES(pool->lock)
{
	struct container *container = pool->idle;

	while (container != NULL && container->serial != serial)
		container = container->next;
	return container;
}

bool pool_doom_idle(struct pool *pool, uint64_t serial)
{
	bool doomed;

	mutex_lock(&pool->lock);
	doomed = doom_idle_locked(pool, find_idle_locked(pool, serial));
	mutex_unlock(&pool->lock);
	return doomed;
}

bool pool_hear_idle(struct pool *pool, uint64_t serial)
{
	struct container *container;
	bool is_alive;

	mutex_lock(&pool->lock);
	container = find_idle_locked(pool, serial);
	if (container != NULL) {
		take_idle_locked(pool, container);
		pool->listening++;
	}
	mutex_unlock(&pool->lock);
	/* One that was leased in the meantime is its worker's business. */
	if (container == NULL)
		return true;
	is_alive = container_hear(container) == 0;
	mutex_lock(&pool->lock);
	pool->listening--;
	if (is_alive && !pool->stopping)
		add_idle_locked(pool, container);
	else
		doom_locked(pool, container);
	cond_broadcast(&pool->work_available);
	mutex_unlock(&pool->lock);
	return is_alive;
}

bool pool_doom_idle_by_id(struct pool *pool, const char *id)
{
	struct container *container;
	bool doomed;

	mutex_lock(&pool->lock);
	container = pool->idle;
	while (container != NULL && strcmp(container->id, id) != 0)
		container = container->next;
	doomed = doom_idle_locked(pool, container);
	mutex_unlock(&pool->lock);
	return doomed;
}

/* Waits for an idle container and makes it the caller's. */
static int await_idle(struct pool *pool, const char *language, int64_t deadline_ns,
		      struct container **ret_container)
{
	struct container *container;
	int result = 0;

	mutex_lock(&pool->lock);
	pool_note_demand_locked(pool, language);
	while (!pool->closed && pool->idle == NULL && result == 0) {
		if (clock_now_ns() >= deadline_ns)
			result = -ETIMEDOUT;
		else
			(void)cond_wait_until(&pool->idle_available, &pool->lock, deadline_ns);
	}
	if (pool->closed)
		result = -ESHUTDOWN;
	if (result == 0) {
		container = choose_idle_locked(pool, language);
		take_idle_locked(pool, container);
		container->state = CONTAINER_LEASED;
		push_on(&pool->leased, container);
		pool->leased_count++;
		*ret_container = container;
	}
	mutex_unlock(&pool->lock);
	return result;
}

static void end_lease_locked(struct pool *pool, struct container *container) REQUIRES(pool->lock)
{
	unlink_from(&pool->leased, container);
	pool->leased_count--;
	container->jobs++;
}

/* Gone before it served anybody. */
static void drop_leased(struct pool *pool, struct container **container)
{
	mutex_lock(&pool->lock);
	end_lease_locked(pool, *container);
	doom_locked(pool, *container);
	mutex_unlock(&pool->lock);
	*container = NULL;
}

int pool_lease(struct pool *pool, const char *language, int64_t deadline_ns,
	       struct container **ret_container)
{
	for (;;) {
		int result = await_idle(pool, language, deadline_ns, ret_container);

		/* What it has to say now is that it is warm, or its end. */
		if (result < 0 || channel_is_silent(container_channel(*ret_container)) ||
		    container_hear(*ret_container) == 0)
			return result;
		drop_leased(pool, ret_container);
	}
}

void pool_relieve(struct pool *pool, struct container *container)
{
	mutex_lock(&pool->lock);
	if (!container->relieved && pool->reliefs_count < RELIEFS_MAX) {
		struct relief *relief = &pool->reliefs[pool->reliefs_count++];

		(void)snprintf(relief->id, sizeof(relief->id), "%s", container->id);
		cond_broadcast(&pool->work_available);
	}
	container->relieved = true;
	mutex_unlock(&pool->lock);
}

void pool_release(struct pool *pool, struct container **container)
{
	if ((*container)->relieved) {
		pool_retire(pool, container, "its CPU quota was lifted");
		return;
	}
	if ((*container)->jobs + 1 >= pool->config->jobs_per_container) {
		pool_retire(pool, container, "has served its number of jobs");
		return;
	}
	/* With READY nothing stands ready, but for what comes right behind it. */
	(*container)->warm.count = 0;
	(*container)->heard = 0;
	if (container_hear(*container) < 0 || pool_prepare(pool, *container) < 0) {
		pool_retire(pool, container, "its channel broke");
		return;
	}
	mutex_lock(&pool->lock);
	end_lease_locked(pool, *container);
	add_idle_locked(pool, *container);
	mutex_unlock(&pool->lock);
	*container = NULL;
}

void pool_retire(struct pool *pool, struct container **container, const char *cause)
{
	log_info("container retired", log_text("container_id", (*container)->id),
		 log_text("cause", cause), log_number("jobs", (*container)->jobs + 1));
	mutex_lock(&pool->lock);
	end_lease_locked(pool, *container);
	doom_locked(pool, *container);
	mutex_unlock(&pool->lock);
	*container = NULL;
}

void pool_close(struct pool *pool)
{
	mutex_lock(&pool->lock);
	pool->closed = true;
	cond_broadcast(&pool->idle_available);
	mutex_unlock(&pool->lock);
}

void pool_abort_leased(struct pool *pool)
{
	mutex_lock(&pool->lock);
	for (struct container *c = pool->leased; c != NULL; c = c->next)
		(void)shutdown(channel_fd(c->channel), SHUT_RDWR);
	mutex_unlock(&pool->lock);
}

void pool_status(struct pool *pool, struct pool_status *ret_status)
{
	mutex_lock(&pool->lock);
	*ret_status = (struct pool_status){
		.size = pool->config->pool_size,
		.idle = pool->idle_count,
		.leased = pool->leased_count,
		.building = pool->building,
	};
	(void)snprintf(ret_status->trouble, sizeof(ret_status->trouble), "%s", pool->trouble);
	mutex_unlock(&pool->lock);
}

static int open_keeper_fds(struct pool *pool, struct err *err)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = UINT64_MAX};

	pool->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	pool->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (pool->epoll_fd < 0 || pool->wake_fd < 0 ||
	    epoll_ctl(pool->epoll_fd, EPOLL_CTL_ADD, pool->wake_fd, &event) < 0)
		return err_set(err, -errno, "epoll: %s", strerror(errno));
	return 0;
}

static int start_threads(struct pool *pool, struct err *err)
{
	int result = 0;

	while (result == 0 && pool->builders_started < BUILDERS) {
		result = thread_start(&pool->builder_threads[pool->builders_started],
				      "kiln-builder", builder_main, pool);
		pool->builders_started += result == 0;
	}
	if (result == 0) {
		result = thread_start(&pool->keeper_thread, "kiln-keeper", keeper_main, pool);
		pool->keeper_started = result == 0;
	}
	if (result == 0) {
		result = thread_start(&pool->events_thread, "kiln-events", events_main, pool);
		pool->events_started = result == 0;
	}
	return result < 0 ? err_set(err, result, "start a thread: %s", strerror(-result)) : 0;
}

struct pool *pool_start(const struct config *config, struct languages *languages, struct err *err)
{
	struct pool *pool = calloc(1, sizeof(*pool));
	uint32_t first_serial = 0;

	if (pool == NULL) {
		(void)err_set(err, -ENOMEM, "memory for the pool");
		return NULL;
	}
	pool->config = config;
	pool->languages = languages;
	pool->epoll_fd = -1;
	pool->wake_fd = -1;
	mutex_init(&pool->lock);
	cond_init(&pool->idle_available);
	cond_init(&pool->work_available);
	if (getrandom(&first_serial, sizeof(first_serial), 0) != (ssize_t)sizeof(first_serial))
		first_serial = (uint32_t)clock_now_ns();
	mutex_lock(&pool->lock);
	pool->next_serial = first_serial;
	mutex_unlock(&pool->lock);
	pool->events = docker_events_open(config->docker_socket, ENGINE_LABEL, config->engine_name,
					  err);
	pool->seccomp_option = container_seccomp_option();
	if (pool->seccomp_option == NULL)
		(void)err_set(err, -ENOMEM, "memory for the seccomp profile");
	if (pool->seccomp_option == NULL || pool->events == NULL ||
	    container_prepare_run_dir(config, err) < 0 || open_keeper_fds(pool, err) < 0 ||
	    start_threads(pool, err) < 0) {
		pool_stop(pool);
		return NULL;
	}
	return pool;
}

static void stop_threads(struct pool *pool)
{
	mutex_lock(&pool->lock);
	pool->closed = true;
	pool->stopping = true;
	/* What is idle ends now, and the builders remove it on their way out. */
	while (pool->idle != NULL)
		(void)doom_idle_locked(pool, pool->idle);
	cond_broadcast(&pool->idle_available);
	cond_broadcast(&pool->work_available);
	mutex_unlock(&pool->lock);
	if (pool->wake_fd >= 0)
		(void)eventfd_write(pool->wake_fd, 1);
	if (pool->events != NULL)
		docker_events_wake(pool->events);
	for (unsigned i = 0; i < pool->builders_started; i++)
		(void)pthread_join(pool->builder_threads[i], NULL);
	if (pool->keeper_started)
		(void)pthread_join(pool->keeper_thread, NULL);
	if (pool->events_started)
		(void)pthread_join(pool->events_thread, NULL);
}

void pool_stop(struct pool *pool)
{
	if (pool == NULL)
		return;
	stop_threads(pool);
	docker_events_close(pool->events);
	container_remove_run_dir(pool->config);
	if (pool->epoll_fd >= 0)
		(void)close(pool->epoll_fd);
	if (pool->wake_fd >= 0)
		(void)close(pool->wake_fd);
	cond_fini(&pool->work_available);
	cond_fini(&pool->idle_available);
	mutex_fini(&pool->lock);
	free(pool->seccomp_option);
	free(pool);
}
