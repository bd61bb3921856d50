/* A channel over the stdio of a real container (KILN_TEST_DOCKER_SOCKET, KILN_TEST_BASE_IMAGE):
 * `cat` stands for the agent, so that every frame comes back as it was sent. */
#include "base/clock.h"
#include "channel/channel.h"
#include "docker/docker.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ROUNDS 200

static struct docker *docker;
static struct err err;

static const char *from_environment(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? otherwise : value;
}

static int set_up(void **state)
{
	(void)state;
	docker = docker_open(from_environment("KILN_TEST_DOCKER_SOCKET", "/var/run/docker.sock"),
			     &err);
	return docker == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	(void)state;
	docker_close(docker);
	return 0;
}

static struct channel *open_echo(char id[DOCKER_ID_BYTES])
{
	const char *const command[] = {"/bin/sh", "-c", "echo noise >&2; exec cat", NULL};
	const struct docker_spec spec = {
		.image = from_environment("KILN_TEST_BASE_IMAGE", "debian:bookworm-slim"),
		.command = command,
		.attach_stdio = true,
	};
	struct channel *channel = NULL;

	if (docker_create(docker, &spec, id, &err) < 0 ||
	    channel_attach(docker, id, &channel, &err) < 0 || docker_start(docker, id, &err) < 0)
		fail_msg("%s", err.text);
	return channel;
}

static void assert_echo(struct channel *channel, struct buf *frame, size_t payload)
{
	struct frame seen;
	size_t begin;

	buf_reset(frame, SIZE_MAX);
	begin = frame_begin(frame, FRAME_OUTPUT);
	for (size_t i = 0; i < payload; i++) {
		uint8_t byte = (uint8_t)(i * 7 + i / 256);

		assert_int_equal(buf_append(frame, &byte, 1), 0);
	}
	frame_end(frame, begin);
	assert_int_equal(channel_send(channel, frame->data, frame->length, clock_after_ms(5000),
				      &err), 0);
	if (channel_receive(channel, clock_after_ms(5000), &seen, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(seen.type, FRAME_OUTPUT);
	assert_int_equal(seen.length, payload);
	assert_memory_equal(seen.payload, frame->data + FRAME_HEADER_BYTES, payload);
}

static void test_frames_through_a_container(void **state)
{
	struct buf frame;
	char id[DOCKER_ID_BYTES];
	struct channel *channel = open_echo(id);
	struct frame seen;
	int64_t begin_ns;

	(void)state;
	buf_init(&frame, BUF_UNBOUNDED);
	assert_echo(channel, &frame, 0);
	begin_ns = clock_now_ns();
	for (unsigned i = 0; i < ROUNDS; i++)
		assert_echo(channel, &frame, 16);
	print_message("echo %.3f ms\n", clock_ms(clock_now_ns() - begin_ns) / ROUNDS);
	assert_echo(channel, &frame, FRAME_FROM_AGENT_MAX);
	assert_int_equal(channel_receive(channel, clock_after_ms(50), &seen, &err), -ETIMEDOUT);

	assert_int_equal(docker_kill(docker, id, &err), 0);
	assert_int_equal(channel_receive(channel, clock_after_ms(5000), &seen, &err), -EPIPE);
	channel_free(channel);
	buf_fini(&frame);
}

static void test_container_ends_with_its_channel(void **state)
{
	const struct timespec pause = {.tv_nsec = 10 * NS_PER_MS};
	int64_t deadline_ns = clock_after_ms(10000);
	char id[DOCKER_ID_BYTES];
	struct docker_state seen;

	(void)state;
	channel_free(open_echo(id));
	while (docker_inspect(docker, id, &seen, &err) != -ENOENT) {
		assert_true(clock_now_ns() < deadline_ns);
		(void)nanosleep(&pause, NULL);
	}
}

static void test_no_such_container(void **state)
{
	struct channel *channel = NULL;
	char id[DOCKER_ID_BYTES];

	(void)state;
	memset(id, 'f', sizeof(id) - 1);
	id[sizeof(id) - 1] = '\0';
	assert_int_equal(channel_attach(docker, id, &channel, &err), -ENOENT);
	assert_null(channel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames_through_a_container),
		cmocka_unit_test(test_container_ends_with_its_channel),
		cmocka_unit_test(test_no_such_container),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
