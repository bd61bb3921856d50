/* The event stream of a real daemon (KILN_TEST_DOCKER_SOCKET, KILN_TEST_BASE_IMAGE). */
#include "base/clock.h"
#include "base/sync.h"
#include "docker/docker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LABEL "kiln.test"

static struct docker *docker;
static struct docker_events *events;
static struct err err;
static char label_value[32]; /* of this run alone */

static const char *from_environment(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? otherwise : value;
}

static int set_up(void **state)
{
	const char *path = from_environment("KILN_TEST_DOCKER_SOCKET", "/var/run/docker.sock");

	(void)state;
	(void)snprintf(label_value, sizeof(label_value), "events-%d", (int)getpid());
	docker = docker_open(path, &err);
	events = docker_events_open(path, LABEL, label_value, &err);
	return docker == NULL || events == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	docker_events_close(events);
	docker_close(docker);
	return 0;
}

/* Runs a script in a container with the label, and leaves it to end and remove itself. */
static void run(const char *script, const char *value, char id[DOCKER_ID_BYTES])
{
	const char *const command[] = {"/bin/sh", "-c", script, NULL};
	const struct docker_spec spec = {
		.image = from_environment("KILN_TEST_BASE_IMAGE", "debian:bookworm-slim"),
		.command = command,
		.label_name = LABEL,
		.label_value = value,
	};

	if (docker_create(docker, &spec, id, &err) < 0 || docker_start(docker, id, &err) < 0)
		fail_msg("%s", err.text);
}

static void await_die(struct docker_event *ret_event)
{
	int64_t deadline_ns = clock_after_ms(20000);
	int result;

	do {
		result = docker_events_next(events, deadline_ns, ret_event, &err);
		if (result < 0)
			fail_msg("%s", err.text);
		assert_int_equal(result, 1); /* 0: the deadline passed */
	} while (ret_event->kind != DOCKER_EVENT_DIE);
}

static void test_die_with_its_exit_code(void **state)
{
	struct docker_event event;
	char id[DOCKER_ID_BYTES], other[DOCKER_ID_BYTES];

	(void)state;
	run("exit 1", "of somebody else", other);
	run("exit 7", label_value, id);
	await_die(&event);
	assert_string_equal(event.id, id);
	assert_int_equal(event.exit_code, 7);
	run("kill -9 $$", label_value, id);
	(void)docker_kill(docker, id, NULL); /* a first process ignores its own signals */
	await_die(&event);
	assert_string_equal(event.id, id);
}

/* Nothing is lost between the opening and the first call, when nobody is connected yet. */
static void test_events_before_the_connection(void **state)
{
	const struct timespec pause = {.tv_nsec = 500 * NS_PER_MS};
	struct docker_event event;
	char id[DOCKER_ID_BYTES];

	(void)state;
	run("exit 3", label_value, id);
	(void)nanosleep(&pause, NULL);
	await_die(&event);
	assert_string_equal(event.id, id);
	assert_int_equal(event.exit_code, 3);
}

static void test_quiet_until_the_deadline(void **state)
{
	struct docker_event event;
	int64_t begin_ns = clock_now_ns();

	(void)state;
	while (docker_events_next(events, clock_after_ms(300), &event, &err) == 1)
		begin_ns = clock_now_ns(); /* the last container's removal */
	assert_true(docker_events_is_connected(events));
	assert_true(clock_now_ns() - begin_ns >= 300 * NS_PER_MS);
}

static void *wake_later(void *arg)
{
	const struct timespec pause = {.tv_nsec = 100 * NS_PER_MS};

	(void)nanosleep(&pause, NULL);
	docker_events_wake(arg);
	return NULL;
}

static void test_wake(void **state)
{
	struct docker_event event;
	int64_t begin_ns = clock_now_ns();
	pthread_t waker;

	(void)state;
	assert_int_equal(thread_start(&waker, "waker", wake_later, events), 0);
	assert_int_equal(docker_events_next(events, CLOCK_FOREVER, &event, &err), 0);
	assert_true(clock_now_ns() - begin_ns >= 100 * NS_PER_MS);
	assert_true(clock_now_ns() - begin_ns < 5 * NS_PER_S);
	assert_int_equal(pthread_join(waker, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events_before_the_connection),
		cmocka_unit_test(test_die_with_its_exit_code),
		cmocka_unit_test(test_quiet_until_the_deadline),
		cmocka_unit_test(test_wake),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
