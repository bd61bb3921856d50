/* The pool on a real Docker engine, with real worker containers. tests/run.sh says where they are:
 * KILN_TEST_DOCKER_SOCKET and KILN_TEST_IMAGE. */
#include "pool/pool.h"

#include "base/clock.h"
#include "channel/channel.h"
#include "config/config.h"
#include "docker/docker.h"
#include "frame/hello.h"
#include "languages/languages.h"
#include "log/log.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define POOL_SIZE 2
#define PATIENCE_MS 30000

struct fixture {
	char engine[32];
	char run_dir[32];
	struct config *config;
	struct languages *languages;
	struct docker *docker;
	struct pool *pool;
};

static void set(const char *name, const char *value)
{
	assert_int_equal(setenv(name, value, 1), 0);
}

static const char *variable(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value == NULL ? otherwise : value;
}

static struct config *load_config(const struct fixture *f, const char *channel)
{
	struct buf problems;
	struct config *config;

	buf_init(&problems, 65536);
	set("KILN_ENGINE_NAME", f->engine);
	set("KILN_RUN_DIR", f->run_dir);
	set("KILN_POOL_SIZE", "2");
	set("KILN_CHANNEL", channel);
	set("KILN_DOCKER_SOCKET", variable("KILN_TEST_DOCKER_SOCKET", "/var/run/docker.sock"));
	set("KILN_IMAGE", variable("KILN_TEST_IMAGE", "kiln/worker:latest"));
	config = config_load(&problems);
	if (config == NULL)
		fail_msg("%.*s", (int)problems.length, (const char *)problems.data);
	buf_fini(&problems);
	return config;
}

static void start(struct fixture *f, const char *channel)
{
	struct err err = {0};

	*f = (struct fixture){0};
	(void)snprintf(f->engine, sizeof(f->engine), "pool-test-%d", getpid());
	(void)snprintf(f->run_dir, sizeof(f->run_dir), "/tmp/kiln-pool-%d", getpid());
	f->config = load_config(f, channel);
	f->languages = languages_new();
	f->docker = docker_open(f->config->docker_socket, &err);
	assert_non_null(f->docker);
	f->pool = pool_start(f->config, f->languages, &err);
	if (f->pool == NULL)
		fail_msg("%s", err.text);
}

static size_t count_containers(struct fixture *f)
{
	char(*ids)[DOCKER_ID_BYTES] = NULL;
	struct err err = {0};
	size_t count = 0;

	if (docker_list(f->docker, "kiln.engine", f->engine, &ids, &count, &err) < 0)
		fail_msg("%s", err.text);
	free(ids);
	return count;
}

/* Nothing of it is left: no container, no socket. */
static void stop(struct fixture *f)
{
	pool_stop(f->pool);
	assert_int_equal(count_containers(f), 0);
	assert_int_equal(rmdir(f->run_dir), 0);
	docker_close(f->docker);
	languages_free(f->languages);
	config_free(f->config);
}

static void pause_ms(long ms)
{
	const struct timespec pause = clock_timespec(ms * NS_PER_MS);

	(void)nanosleep(&pause, NULL);
}

static void await_idle(struct fixture *f, unsigned idle)
{
	int64_t deadline_ns = clock_after_ms(PATIENCE_MS);
	struct pool_status status;

	do {
		pool_status(f->pool, &status);
		if (status.idle == idle && status.building == 0)
			return;
		pause_ms(5);
	} while (clock_now_ns() < deadline_ns);
	fail_msg("%u of %u idle, trouble: '%s'", status.idle, idle, status.trouble);
}

static struct container *lease(struct fixture *f)
{
	struct container *container = NULL;

	assert_int_equal(pool_lease(f->pool, "c", clock_after_ms(PATIENCE_MS), &container), 0);
	assert_non_null(container);
	return container;
}

static void fills_and_leases(struct fixture *f)
{
	struct container *one, *two, *three = NULL;
	struct hello hello;
	int64_t before_ns;

	await_idle(f, POOL_SIZE);
	languages_copy(f->languages, &hello);
	assert_non_null(hello_find(&hello, "python"));
	one = lease(f);
	two = lease(f);
	assert_string_not_equal(container_id(one), container_id(two));
	before_ns = clock_now_ns();
	assert_int_equal(pool_lease(f->pool, "c", clock_after_ms(50), &three), -ETIMEDOUT);
	assert_true(clock_now_ns() - before_ns >= 50 * NS_PER_MS);
	pool_release(f->pool, &one);
	assert_null(one);
	pool_release(f->pool, &two);
	await_idle(f, POOL_SIZE);
}

static void socket_pool_fills_and_leases(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "socket");
	fills_and_leases(&f);
	stop(&f);
}

static void attach_pool_fills_and_leases(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "attach");
	fills_and_leases(&f);
	stop(&f);
}

static void retired_container_is_replaced(void **state)
{
	struct container *container;
	char id[DOCKER_ID_BYTES];
	struct fixture f;

	(void)state;
	start(&f, "socket");
	await_idle(&f, POOL_SIZE);
	container = lease(&f);
	(void)snprintf(id, sizeof(id), "%s", container_id(container));
	pool_retire(f.pool, &container, "test");
	await_idle(&f, POOL_SIZE);
	for (int i = 0; i < POOL_SIZE; i++) {
		container = lease(&f);
		assert_string_not_equal(container_id(container), id);
		pool_retire(f.pool, &container, "test");
	}
	await_idle(&f, POOL_SIZE);
	stop(&f);
}

/* A lease never hands out a container that is known to be dead, and the pool gets its size back. */
static void killed_containers_are_replaced(void **state)
{
	char(*ids)[DOCKER_ID_BYTES] = NULL;
	struct container *container;
	struct err err = {0};
	struct fixture f;
	size_t count = 0;

	(void)state;
	start(&f, "socket");
	await_idle(&f, POOL_SIZE);
	assert_int_equal(docker_list(f.docker, "kiln.engine", f.engine, &ids, &count, &err), 0);
	assert_int_equal(count, POOL_SIZE);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(docker_kill(f.docker, ids[i], &err), 0);
	container = lease(&f);
	for (size_t i = 0; i < count; i++)
		assert_string_not_equal(container_id(container), ids[i]);
	pool_release(f.pool, &container);
	await_idle(&f, POOL_SIZE);
	free(ids);
	stop(&f);
}

static void closed_pool_ends_the_wait(void **state)
{
	struct container *container = NULL;
	struct fixture f;

	(void)state;
	start(&f, "socket");
	await_idle(&f, POOL_SIZE);
	pool_close(f.pool);
	assert_int_equal(pool_lease(f.pool, "c", clock_after_ms(PATIENCE_MS), &container),
			 -ESHUTDOWN);
	stop(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(socket_pool_fills_and_leases),
		cmocka_unit_test(attach_pool_fills_and_leases),
		cmocka_unit_test(retired_container_is_replaced),
		cmocka_unit_test(killed_containers_are_replaced),
		cmocka_unit_test(closed_pool_ends_the_wait),
	};

	log_open(LOG_WARN, LOG_JSON);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
