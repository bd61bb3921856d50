/* One attempt at a job, against an agent that this test plays: an honest one, and hostile ones. */
#include "worker/run.h"

#include "base/clock.h"
#include "base/io.h"
#include "cache/cache.h"
#include "channel/channel.h"
#include "channel/open.h"
#include "frame/message.h"
#include "job/job.h"
#include "job/result.h"
#include "worker/reuse.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define OUTPUT_MAX 64

static const struct profile profile = {
	.subject = "test",
	.limits = {.wall_ms = 1, .cpu_ms = 1, .memory_bytes = 1, .output_bytes = OUTPUT_MAX,
		   .processes = 1, .file_bytes = 1, .compile_wall_ms = 1},
};

static const struct outcome success = {.run = {.ran = true, .wall_us = 1000}};

/* What the agent sends, whatever it is told. */
struct script {
	struct buf bytes;
	bool hang;     /* keeps the connection open after it */
	long pause_ms; /* before its last byte */
	int fd;
	pthread_t thread;
};

static void *play(void *arg)
{
	struct script *script = arg;
	char told[4096];
	size_t last = script->bytes.length > 0 ? 1 : 0;
	const struct timespec pause = clock_timespec(script->pause_ms * NS_PER_MS);

	(void)io_write_all(script->fd, script->bytes.data, script->bytes.length - last,
			   clock_after_ms(5000));
	(void)nanosleep(&pause, NULL);
	(void)io_write_all(script->fd, script->bytes.data + script->bytes.length - last, last,
			   clock_after_ms(5000));
	if (!script->hang)
		(void)shutdown(script->fd, SHUT_WR);
	while (read(script->fd, told, sizeof(told)) > 0)
		continue;
	return NULL;
}

static struct channel *open_channel(struct script *script)
{
	struct channel *channel = NULL;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(io_set_nonblocking(fds[0]), 0);
	assert_int_equal(channel_open(&fds[0], false, &channel, NULL), 0);
	script->fd = fds[1];
	assert_int_equal(pthread_create(&script->thread, NULL, play, script), 0);
	return channel;
}

static void close_channel(struct script *script, struct channel *channel)
{
	channel_free(channel);
	(void)pthread_join(script->thread, NULL);
	(void)close(script->fd);
	buf_fini(&script->bytes);
}

static unsigned times_late;

static void note_late(void *arg)
{
	(void)arg;
	times_late++;
}

static const struct run_watch watch = {.late = note_late};

static int attempt(struct script *script, struct result *result, struct err *err)
{
	struct channel *channel = open_channel(script);
	struct job *job = job_new(&profile);
	struct reuse reuse = {0};
	int status;

	job->language = strdup("python");
	result_init(result, 3 * OUTPUT_MAX);
	status = run_attempt(channel, job, &reuse, &watch, result, err);
	job_free(job);
	close_channel(script, channel);
	return status;
}

static void add_output(struct script *script, enum stream stream, const char *text)
{
	uint8_t prefix[OUTPUT_PREFIX_BYTES];

	output_message_prefix(prefix, stream, strlen(text));
	(void)buf_append(&script->bytes, prefix, sizeof(prefix));
	(void)buf_append_text(&script->bytes, text);
}

static void script_init(struct script *script)
{
	*script = (struct script){0};
	buf_init(&script->bytes, BUF_UNBOUNDED);
}

static void honest_agent(void **state)
{
	struct script script;
	struct result result;
	struct err err = {0};

	(void)state;
	script_init(&script);
	add_output(&script, STREAM_STDOUT, "one ");
	add_output(&script, STREAM_STDERR, "two ");
	add_output(&script, STREAM_STDOUT, "three");
	done_message_encode(&script.bytes, &success);
	assert_int_equal(attempt(&script, &result, &err), 0);
	assert_int_equal(result.verdict, VERDICT_OK);
	assert_int_equal(result.output.bytes.length, strlen("one two three"));
	assert_memory_equal(result.output.bytes.data, "one two three", strlen("one two three"));
	assert_int_equal(output_stream_bytes(&result.output, STREAM_STDERR), 4);
	result_fini(&result);
}

/* The job may take 1 ms. An agent that says nothing for long is told of once, and waited for. */
static void late_agent(void **state)
{
	struct script script;
	struct result result;
	struct err err = {0};

	(void)state;
	script_init(&script);
	script.pause_ms = 300;
	done_message_encode(&script.bytes, &success);
	times_late = 0;
	assert_int_equal(attempt(&script, &result, &err), 0);
	assert_int_equal(result.verdict, VERDICT_OK);
	assert_int_equal(times_late, 1);
	result_fini(&result);
}

static void punctual_agent_is_not_late(void **state)
{
	struct script script;
	struct result result;
	struct err err = {0};

	(void)state;
	script_init(&script);
	frame_end(&script.bytes, frame_begin(&script.bytes, FRAME_STARTED));
	done_message_encode(&script.bytes, &success);
	times_late = 0;
	assert_int_equal(attempt(&script, &result, &err), 0);
	assert_int_equal(times_late, 0);
	result_fini(&result);
}

static void dead_agent(void **state)
{
	struct script script;
	struct result result;
	struct err err = {0};

	(void)state;
	script_init(&script);
	add_output(&script, STREAM_STDOUT, "half");
	assert_int_equal(attempt(&script, &result, &err), -EPIPE);
	result_fini(&result);
}

static void agent_with_a_fault(void **state)
{
	struct script script;
	struct result result;
	struct err err = {0};

	(void)state;
	script_init(&script);
	fault_message_encode(&script.bytes, "no \x1b[31mmemory\n");
	assert_int_equal(attempt(&script, &result, &err), -EREMOTEIO);
	assert_string_equal(err.text, "agent: no ?[31mmemory?");
	result_fini(&result);
}

static void endless_output(void **state)
{
	struct script script;
	struct result result;
	struct err err = {0};

	(void)state;
	script_init(&script);
	script.hang = true;
	for (int i = 0; i < 1000; i++)
		add_output(&script, STREAM_STDOUT, "0123456789");
	assert_int_equal(attempt(&script, &result, &err), -ENOSPC);
	assert_true(result.output.bytes.length <= 3 * OUTPUT_MAX);
	result_fini(&result);
}

struct hostile_case {
	const char *what;
	const char *bytes;
	size_t length;
	int expected;
};

#define BYTES(text) (text), sizeof(text) - 1

static const struct hostile_case hostile[] = {
	{"a frame of four gigabytes", BYTES("\xff\xff\xff\xff\x03"), -EMSGSIZE},
	{"a frame just above the limit", BYTES("\x01\x00\x01\x00\x03"), -EMSGSIZE},
	{"a type that does not exist", BYTES("\x00\x00\x00\x00\x3f"), -EBADMSG},
	{"type zero", BYTES("\x00\x00\x00\x00\x00"), -EBADMSG},
	{"READY before DONE", BYTES("\x00\x00\x00\x00\x05"), -EBADMSG},
	{"HELLO again", BYTES("\x00\x00\x00\x00\x01"), -EBADMSG},
	{"ARTIFACT before DONE", BYTES("\x00\x00\x00\x00\x08"), -EBADMSG},
	{"an empty DONE", BYTES("\x00\x00\x00\x00\x04"), -EBADMSG},
	{"an empty OUTPUT", BYTES("\x00\x00\x00\x00\x03"), -EBADMSG},
	{"OUTPUT of no bytes", BYTES("\x01\x00\x00\x00\x03\x01"), -EBADMSG},
	{"STARTED with a payload", BYTES("\x01\x00\x00\x00\x07x"), -EBADMSG},
	{"STARTED twice", BYTES("\x00\x00\x00\x00\x07\x00\x00\x00\x00\x07"), -EBADMSG},
	{"OUTPUT of no stream", BYTES("\x02\x00\x00\x00\x03\x07x"), -EBADMSG},
	{"half a header", BYTES("\x02\x00"), -EPIPE},
	{"half a frame", BYTES("\x10\x00\x00\x00\x03\x01x"), -EPIPE},
	{"HTTP", BYTES("HTTP/1.1 200 OK\r\n\r\n"), -EMSGSIZE},
	{"nothing", BYTES(""), -EPIPE},
};

static void hostile_agents(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct script script;
		struct result result;
		struct err err = {0};
		int status;

		script_init(&script);
		(void)buf_append(&script.bytes, hostile[i].bytes, hostile[i].length);
		status = attempt(&script, &result, &err);
		if (status != hostile[i].expected)
			fail_msg("%s: %d (%s)", hostile[i].what, status, err.text);
		assert_true(err.text[0] != '\0');
		result_fini(&result);
	}
}

/* A DONE whose numbers are out of range is malformed, not a result. */
static void impossible_outcomes(void **state)
{
	const struct outcome cases[] = {
		{.run = {.ran = false}},
		{.run = {.ran = true, .exit_code = 256}},
		{.run = {.ran = true, .signal = 100, .exit_code = -1}},
		{.run = {.ran = true, .signal = 9, .exit_code = 0}},
		{.run = {.ran = true, .wall_us = -1}},
		{.run = {.ran = true, .memory_bytes = UINT64_MAX}},
		{.run = {.ran = true}, .limit = {.name = LIMIT_QUEUE}},
		{.run = {.ran = true}, .limit = {.name = LIMIT_WALL, .allowed = UINT64_MAX}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script script;
		struct result result;
		struct err err = {0};

		script_init(&script);
		done_message_encode(&script.bytes, &cases[i]);
		assert_int_equal(attempt(&script, &result, &err), -EBADMSG);
		result_fini(&result);
	}
}

static int await_ready(const struct ready_message *ready, bool hang)
{
	struct channel *channel;
	struct script script;
	struct err err = {0};
	int status;

	script_init(&script);
	script.hang = hang;
	ready_message_encode(&script.bytes, ready);
	channel = open_channel(&script);
	status = run_await_ready(channel, &(struct reuse){0}, &err);
	close_channel(&script, channel);
	return status;
}

static void ready_is_believed_only_when_clean(void **state)
{
	(void)state;
	assert_int_equal(await_ready(&(struct ready_message){.files = 3}, true), 0);
	assert_int_equal(await_ready(&(struct ready_message){.residue = RESIDUE_FILES}, true),
			 -ENOTEMPTY);
	assert_int_equal(await_ready(&(struct ready_message){.residue = 1U << 31}, true),
			 -ENOTEMPTY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_agent),
		cmocka_unit_test(late_agent),
		cmocka_unit_test(punctual_agent_is_not_late),
		cmocka_unit_test(dead_agent),
		cmocka_unit_test(agent_with_a_fault),
		cmocka_unit_test(endless_output),
		cmocka_unit_test(hostile_agents),
		cmocka_unit_test(impossible_outcomes),
		cmocka_unit_test(ready_is_believed_only_when_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
