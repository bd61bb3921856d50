/* The event stream is an answer that does not end. It runs on a curl_multi handle, so that another
 * thread can interrupt the wait.
 *
 *	AWAY --- GET /version ---> NEGOTIATING --- GET /events ---> STREAMING
 *	  ^______________ any failure, the stream's end ______________|
 *
 * A new stream asks for what happened since the last event, or since the opening, and the daemon
 * keeps its newest 256: neither a late nor a broken connection loses events, unless the daemon
 * itself went down. */

#include "base/clock.h"
#include "docker/http.h"
#include "docker/objects.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

/* How long to leave a daemon alone that could not be reached. */
#define RETRY_MS 250
#define LONGEST_POLL_MS 60000

enum phase {
	AWAY,
	NEGOTIATING,
	STREAMING,
};

struct docker_events {
	CURLM *multi;
	struct docker *docker;
	char *label;
	char *value;
	struct docker_objects objects;
	int objects_result; /* why a piece of the stream was refused */
	bool arrived;       /* a piece came that was not looked at yet */
	enum phase phase;
	int64_t retry_ns;     /* AWAY: the next attempt */
	int64_t answer_by_ns; /* STREAMING: the head of the answer is due; CLOCK_FOREVER: it came */
	int64_t since_ns;     /* on the daemon's wall clock */
	atomic_bool woken;
};

static int64_t wall_clock_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

struct docker_events *docker_events_open(const char *socket_path, const char *label,
					 const char *value, struct err *err)
{
	struct docker *docker = docker_open(socket_path, err);
	struct docker_events *events;

	if (docker == NULL)
		return NULL;
	events = calloc(1, sizeof(*events));
	if (events == NULL) {
		docker_close(docker);
		goto fail;
	}
	events->docker = docker;
	docker_objects_init(&events->objects);
	events->since_ns = wall_clock_ns();
	events->multi = curl_multi_init();
	events->label = strdup(label);
	events->value = strdup(value);
	if (events->multi == NULL || events->label == NULL || events->value == NULL)
		goto fail;
	return events;

fail:
	docker_events_close(events);
	(void)err_set(err, -ENOMEM, "out of memory for the event stream");
	return NULL;
}

static void disconnect(struct docker_events *events)
{
	if (events->phase != AWAY)
		(void)curl_multi_remove_handle(events->multi, events->docker->easy);
	docker_objects_reset(&events->objects);
	events->phase = AWAY;
	events->retry_ns = clock_after_ms(RETRY_MS);
}

void docker_events_close(struct docker_events *events)
{
	if (events == NULL)
		return;
	if (events->phase != AWAY)
		disconnect(events);
	docker_close(events->docker);
	(void)curl_multi_cleanup(events->multi);
	docker_objects_fini(&events->objects);
	free(events->label);
	free(events->value);
	free(events);
}

void docker_events_wake(struct docker_events *events)
{
	atomic_store(&events->woken, true);
	(void)curl_multi_wakeup(events->multi);
}

bool docker_events_is_connected(const struct docker_events *events)
{
	return events->phase == STREAMING && events->answer_by_ns == CLOCK_FOREVER;
}

static long answer_status(const struct docker_events *events)
{
	long status = 0;

	(void)curl_easy_getinfo(events->docker->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* Events go to the objects, the text of a refusal to the body. */
static size_t take_stream(char *data, size_t size, size_t count, void *arg)
{
	struct docker_events *events = arg;

	if (answer_status(events) != 200)
		return docker_http_take_body(data, size, count, events->docker);
	events->arrived = true;
	events->objects_result = docker_objects_add(&events->objects, data, size * count);
	return events->objects_result == 0 ? size * count : 0;
}

static int begin(struct docker_events *events, enum phase phase, struct err *err)
{
	if (curl_multi_add_handle(events->multi, events->docker->easy) != CURLM_OK)
		return err_set(err, -ENOMEM, "out of memory for the event stream");
	events->phase = phase;
	return 0;
}

static int begin_negotiation(struct docker_events *events, struct err *err)
{
	const struct docker_request request = {
		.method = "GET",
		.path = "/version",
		.timeout_ms = events->docker->query_ms,
		.unversioned = true,
	};
	int result = docker_http_prepare(events->docker, &request, err);

	return result < 0 ? result : begin(events, NEGOTIATING, err);
}

static int begin_stream(struct docker_events *events, struct err *err)
{
	struct docker *docker = events->docker;
	auto_buf struct buf path = {.max = BUF_UNBOUNDED};
	struct docker_request request = {.method = "GET"};
	int result;

	(void)buf_append_format(&path, "/events?since=%lld.%09lld&",
				(long long)(events->since_ns / NS_PER_S),
				(long long)(events->since_ns % NS_PER_S));
	docker_http_filter(docker, &path, "container", events->label, events->value);
	request.path = docker_http_path(&path, err);
	if (request.path == NULL)
		return -ENOMEM;
	result = docker_http_prepare(docker, &request, err);
	if (result < 0)
		return result;
	(void)curl_easy_setopt(docker->easy, CURLOPT_WRITEFUNCTION, take_stream);
	(void)curl_easy_setopt(docker->easy, CURLOPT_WRITEDATA, events);
	events->objects_result = 0;
	events->answer_by_ns = clock_after_ms(docker->query_ms);
	return begin(events, STREAMING, err);
}

/* NEGOTIATING has its answer. */
static int finish_negotiation(struct docker_events *events, CURLcode code, struct err *err)
{
	struct docker_version version;
	int result = docker_http_result(events->docker, code, err);

	if (result == 0)
		result = docker_http_judge(events->docker, err);
	if (result == 0)
		result = docker_http_choose_version(events->docker, &version, err);
	if (result < 0)
		return result;
	(void)curl_multi_remove_handle(events->multi, events->docker->easy);
	events->phase = AWAY;
	return begin_stream(events, err);
}

/* STREAMING ended, which it never does while all is well. */
static int finish_stream(struct docker_events *events, CURLcode code, struct err *err)
{
	int result;

	if (events->objects_result == -ENOSPC)
		return err_set(err, -EPROTO, "an event is longer than %zu bytes",
			       DOCKER_OBJECTS_MAX);
	result = docker_http_result(events->docker, code, err);
	if (result == 0)
		result = docker_http_judge(events->docker, err);
	if (result == 0)
		result = err_set(err, -ECONNREFUSED, "the Docker daemon ended the event stream");
	return result;
}

/* The answer of a transfer that ended: 1 when it led on, 0 when none ended. */
static int finish(struct docker_events *events, struct err *err)
{
	int left, result;
	const CURLMsg *message = curl_multi_info_read(events->multi, &left);

	if (message == NULL)
		return 0;
	if (events->phase == NEGOTIATING)
		result = finish_negotiation(events, message->data.result, err);
	else
		result = finish_stream(events, message->data.result, err);
	return result < 0 ? result : 1;
}

static int check_answer(struct docker_events *events, struct err *err)
{
	if (events->phase != STREAMING || events->answer_by_ns == CLOCK_FOREVER)
		return 0;
	if (answer_status(events) != 0)
		events->answer_by_ns = CLOCK_FOREVER;
	else if (clock_now_ns() >= events->answer_by_ns)
		return err_set(err, -ETIMEDOUT, "the Docker daemon does not answer");
	return 0;
}

/* Moves the connection as far as it goes without waiting. 1 when something came of it. */
static int advance(struct docker_events *events, struct err *err)
{
	int running, result;

	if (events->phase == AWAY) {
		if (clock_now_ns() < events->retry_ns)
			return 0;
		result = begin_negotiation(events, err);
		if (result < 0)
			return result;
	}
	events->arrived = false;
	if (curl_multi_perform(events->multi, &running) != CURLM_OK)
		return err_set(err, -ENOMEM, "libcurl cannot go on with the event stream");
	/* What came before an end is taken before the end is. */
	if (events->arrived)
		return 1;
	result = finish(events, err);
	return result != 0 ? result : check_answer(events, err);
}

/* 1 and an event that has arrived, or 0. */
static int take_event(struct docker_events *events, struct docker_event *ret_event,
		      struct err *err)
{
	auto_json json_t *answer = NULL;
	const char *text;
	size_t length;
	int64_t time_ns;
	int result = docker_objects_next(&events->objects, &text, &length);

	if (result == 0)
		return 0;
	if (result < 0)
		return err_set(err, result, "the event stream is not JSON objects");
	result = docker_json_parse(text, length, &answer, err);
	if (result < 0)
		return result;
	/* Before its meaning is looked at: the next stream must not begin with a bad one again. */
	time_ns = docker_answer_time_ns(answer);
	if (time_ns >= events->since_ns && time_ns < INT64_MAX)
		events->since_ns = time_ns + 1;
	result = docker_answer_event(answer, ret_event, err);
	return result < 0 ? result : 1;
}

/* Until bytes come, a wake, the deadline, or the time for the next attempt. */
static void wait(struct docker_events *events, int64_t deadline_ns)
{
	int64_t until_ns = deadline_ns;
	int ms;

	if (events->phase == AWAY && events->retry_ns < until_ns)
		until_ns = events->retry_ns;
	if (events->phase == STREAMING && events->answer_by_ns < until_ns)
		until_ns = events->answer_by_ns;
	ms = clock_poll_ms(until_ns);
	if (ms < 0 || ms > LONGEST_POLL_MS)
		ms = LONGEST_POLL_MS;
	(void)curl_multi_poll(events->multi, NULL, 0, ms, NULL);
}

int docker_events_next(struct docker_events *events, int64_t deadline_ns,
		       struct docker_event *ret_event, struct err *err)
{
	for (;;) {
		int result = take_event(events, ret_event, err);

		if (result == 1)
			return 1;
		if (result == 0)
			result = advance(events, err);
		if (result < 0) {
			disconnect(events);
			(void)err_wrap(err, "events");
			return result;
		}
		if (result == 1)
			continue;
		if (atomic_exchange(&events->woken, false) || clock_now_ns() >= deadline_ns)
			return 0;
		wait(events, deadline_ns);
	}
}
