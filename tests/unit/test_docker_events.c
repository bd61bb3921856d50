/* The event stream of daemons that no real one is, and its waits. */
#include "docker/docker.h"
#include "support/alloc.h"
#include "test_docker_double.h"

#include <errno.h>

static struct docker_events *open_events(const struct daemon *daemon)
{
	struct docker_events *events = docker_events_open(daemon->path, "kiln.engine", "e 1", NULL);

	assert_non_null(events);
	return events;
}

static void test_events_are_taken_apart_and_resumed(void **state)
{
	static const struct step steps[STEPS_MAX] = {
		{"200 OK", VERSION("1.41"), 0, false},
		{NULL, CHUNKED "1\r\n{\r\n1\r\n}\r\n", 0, true}, /* no event: given up */
		{"200 OK", VERSION("1.41"), 0, false},
		{"200 OK", DIE(ID, "3", "4000000001000000002") DIE(ID, "4", "4000000001000000003")
			   "\n{\"Type\":\"container\",\"Action\":\"start\","
			   "\"timeNano\":4000000001000000004}", 0, true},
		{"200 OK", VERSION("1.41"), 0, false},
		{NULL, CHUNKED, 0, false},
	};
	struct docker_event event;
	struct daemon daemon;
	struct docker_events *events;
	struct err err;
	int64_t deadline_ns = clock_after_ms(10000);

	(void)state;
	start(&daemon, steps);
	events = open_events(&daemon);
	assert_int_equal(docker_events_next(events, deadline_ns, &event, &err), -EPROTO);
	assert_int_equal(docker_events_next(events, deadline_ns, &event, &err), 1);
	assert_true(event.kind == DOCKER_EVENT_DIE && event.exit_code == 3);
	assert_string_equal(event.id, ID);
	assert_int_equal(docker_events_next(events, deadline_ns, &event, &err), 1);
	assert_int_equal(event.exit_code, 4);
	assert_int_equal(docker_events_next(events, deadline_ns, &event, &err), 1);
	assert_int_equal(event.kind, DOCKER_EVENT_OTHER);
	assert_int_equal(docker_events_next(events, deadline_ns, &event, &err), -ECONNREFUSED);
	assert_says(&err, "ended the event stream");
	assert_int_equal(docker_events_next(events, clock_after_ms(600), &event, &err), 0);
	assert_line(&daemon, 5,
		    "GET /v1.41/events?since=4000000001.000000005&filters=%7B%22label%22%3A%5B%22"
		    "kiln.engine%3De%201%22%5D%2C%22type%22%3A%5B%22container%22%5D%7D HTTP/1.1");
	docker_events_close(events);
	stop(&daemon);
}

static void test_events_that_cannot_be(void **state)
{
	static const struct {
		struct step answer;
		int code;
	} cases[] = {
		{{NULL, "garbage\r\n\r\n", 0, true}, -EPROTO},
		{{NULL, NULL, 0, true}, -ECONNREFUSED},
		{{"200 OK", "not json", 0, false}, -EPROTO},
		{{"200 OK", "{]", 0, false}, -EPROTO},
		{{"200 OK", ENDLESS, ENDLESS_REPEATS, false}, -EPROTO},
		{{"500 Error", "{\"message\":\"no\"}", 0, false}, -EIO},
		{{"500 Error", ENDLESS, ENDLESS_REPEATS, false}, -EPROTO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct step steps[STEPS_MAX] = {{"200 OK", VERSION("1.41"), 0, false},
						      cases[i].answer, cases[i].answer};
		struct docker_event event;
		struct docker_events *events;
		struct daemon daemon;

		start(&daemon, steps);
		events = open_events(&daemon);
		assert_int_equal(docker_events_next(events, clock_after_ms(5000), &event, NULL),
				 cases[i].code);
		docker_events_close(events);
		stop(&daemon);
	}
}

static void test_retries_are_paced(void **state)
{
	struct docker_events *events = docker_events_open(ABSENT, "a", "b", NULL);
	int64_t begin_ns = clock_now_ns();
	struct docker_event event;
	unsigned failures = 0;

	(void)state;
	while (clock_now_ns() < begin_ns + 700 * NS_PER_MS) {
		int result = docker_events_next(events, begin_ns + 700 * NS_PER_MS, &event, NULL);

		assert_true(result == 0 || result == -ECONNREFUSED);
		failures += result < 0;
	}
	assert_in_range(failures, 2, 3);
	docker_events_close(events);
}

static void *wake_later(void *arg)
{
	const struct timespec pause = {.tv_nsec = 50 * NS_PER_MS};

	(void)nanosleep(&pause, NULL);
	docker_events_wake(arg);
	return NULL;
}

static void test_wake_in_every_phase(void **state)
{
	static const struct step silent[STEPS_MAX];
	static const struct step streaming[STEPS_MAX] = {{"200 OK", VERSION("1.41"), 0, false},
							 {NULL, CHUNKED, 0, false}};
	static const struct step unanswered[STEPS_MAX] = {{"200 OK", VERSION("1.41"), 0, false}};
	const struct step *const scripts[] = {silent, streaming, unanswered};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct docker_event event;
		struct daemon daemon;
		struct docker_events *events;
		int64_t begin_ns = clock_now_ns();
		pthread_t waker;

		start(&daemon, scripts[i]);
		events = open_events(&daemon);
		assert_int_equal(thread_start(&waker, "waker", wake_later, events), 0);
		assert_int_equal(docker_events_next(events, CLOCK_FOREVER, &event, NULL), 0);
		assert_true(clock_now_ns() - begin_ns < 2 * NS_PER_S);
		assert_int_equal(pthread_join(waker, NULL), 0);
		assert_int_equal(docker_events_is_connected(events), scripts[i] == streaming);
		docker_events_wake(events); /* beforehand: the next wait ends at once */
		assert_int_equal(docker_events_next(events, CLOCK_FOREVER, &event, NULL), 0);
		docker_events_close(events);
		stop(&daemon);
	}
}

static void test_allocation_failures(void **state)
{
	unsigned n;

	(void)state;
	for (n = 1; n <= ALLOC_RUNS; n++) {
		struct docker_events *events;
		struct err err = {0};

		alloc_fail_at(n);
		events = docker_events_open(ABSENT, "a", "b", &err);
		assert_int_equal(events == NULL, alloc_failed());
		docker_events_close(events);
		if (!alloc_failed())
			break;
		assert_int_equal(err.code, -ENOMEM);
	}
	alloc_fail_at(0);
	assert_int_equal(n, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events_are_taken_apart_and_resumed),
		cmocka_unit_test(test_events_that_cannot_be),
		cmocka_unit_test(test_retries_are_paced),
		cmocka_unit_test(test_wake_in_every_phase),
		cmocka_unit_test(test_allocation_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
