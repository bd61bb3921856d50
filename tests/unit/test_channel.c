/* Frames over a socket, plain and inside Docker's multiplexed stdio, from peers good and bad. */
#include "channel/channel.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/sync.h"
#include "channel/open.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define SOON clock_after_ms(5000)

static struct channel *open_pair(bool multiplexed, int *ret_peer)
{
	struct channel *channel = NULL;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	assert_int_equal(channel_open(&fds[0], multiplexed, &channel, NULL), 0);
	assert_int_equal(fds[0], -1);
	*ret_peer = fds[1];
	return channel;
}

static void put(int peer, const void *data, size_t length)
{
	assert_int_equal(io_write_all(peer, data, length, SOON), 0);
}

static void put_frame(int peer, enum frame_type type, const char *text)
{
	uint8_t header[FRAME_HEADER_BYTES];

	frame_put_header(header, type, (uint32_t)strlen(text));
	put(peer, header, sizeof(header));
	put(peer, text, strlen(text));
}

static void assert_frame(struct channel *channel, enum frame_type type, const char *text)
{
	struct frame frame;

	assert_int_equal(channel_receive(channel, SOON, &frame, NULL), 0);
	assert_int_equal(frame.type, type);
	assert_int_equal(frame.length, strlen(text));
	assert_memory_equal(frame.payload, text, frame.length);
}

static void test_frames_both_ways(void **state)
{
	char seen[8] = "";
	int peer;
	struct channel *channel = open_pair(false, &peer);

	(void)state;
	put_frame(peer, FRAME_OUTPUT, "one");
	put_frame(peer, FRAME_DONE, "");
	assert_frame(channel, FRAME_OUTPUT, "one");
	assert_frame(channel, FRAME_DONE, "");
	assert_int_equal(channel_send(channel, "bytes", 5, SOON, NULL), 0);
	assert_int_equal(io_read(peer, seen, sizeof(seen), SOON), 5);
	assert_string_equal(seen, "bytes");
	channel_free(channel);
	assert_int_equal(io_read(peer, seen, sizeof(seen), SOON), 0);
	(void)close(peer);
}

/* Silent means that neither the reader nor the socket holds anything. */
static void test_silence(void **state)
{
	int peer;
	struct channel *channel = open_pair(false, &peer);

	(void)state;
	assert_true(channel_is_silent(channel));
	put(peer, "\0\0\0\0\5" "\0\0\0\0\5", 10);
	assert_false(channel_is_silent(channel));
	assert_frame(channel, FRAME_READY, "");
	assert_false(channel_is_silent(channel));
	assert_frame(channel, FRAME_READY, "");
	assert_true(channel_is_silent(channel));
	put(peer, "\1", 1);
	assert_false(channel_is_silent(channel));
	(void)close(peer);
	assert_false(channel_is_silent(channel));
	channel_free(channel);
}

static void test_multiplexed_frames(void **state)
{
	/* An OUTPUT frame of "hi", cut in two, with words of the runtime on stderr between. */
	static const uint8_t stream[] = "\1\0\0\0\0\0\0\4\2\0\0\0"
					"\2\0\0\0\0\0\0\7warning"
					"\1\0\0\0\0\0\0\3\3hi";
	int peer;
	struct channel *channel = open_pair(true, &peer);

	(void)state;
	put(peer, stream, sizeof(stream) - 1);
	assert_frame(channel, FRAME_OUTPUT, "hi");
	(void)close(peer);
	channel_free(channel);
}

/* What a peer sends before it goes, and what the receiver makes of it. */
static void assert_refused(bool multiplexed, const void *data, size_t length, int code)
{
	struct err err = {0};
	struct frame frame;
	int peer;
	struct channel *channel = open_pair(multiplexed, &peer);

	put(peer, data, length);
	(void)close(peer);
	assert_int_equal(channel_receive(channel, SOON, &frame, &err), code);
	assert_int_equal(err.code, code);
	channel_free(channel);
}

static void test_bad_peers(void **state)
{
	(void)state;
	assert_refused(false, "", 0, -EPIPE);
	assert_refused(true, "", 0, -EPIPE);
	assert_refused(false, "\4\0\0\0\3hal", 8, -EPIPE);
	assert_refused(false, "\4\0\0\0\77half", 9, -EBADMSG);
	assert_refused(false, "\4\0\0\0\0half", 9, -EBADMSG);
	assert_refused(false, "\1\0\1\0\3", 5, -EMSGSIZE);
	assert_refused(false, "\377\377\377\377\3", 5, -EMSGSIZE);
	assert_refused(true, "HTTP/1.1 500 no", 15, -EBADMSG);
}

static void test_reset_is_the_end(void **state)
{
	struct frame frame;
	int peer;
	struct channel *channel = open_pair(false, &peer);

	(void)state;
	assert_int_equal(channel_send(channel, "unread", 6, SOON, NULL), 0);
	(void)close(peer); /* with bytes unread: a reset */
	assert_int_equal(channel_receive(channel, SOON, &frame, NULL), -EPIPE);
	assert_int_equal(channel_send(channel, "x", 1, SOON, NULL), -EPIPE);
	channel_free(channel);
}

static void test_silence_meets_the_deadline(void **state)
{
	static const char megabyte[1 << 20];
	struct frame frame;
	struct err err;
	int peer;
	struct channel *channel = open_pair(false, &peer);
	int64_t begin_ns = clock_now_ns();

	(void)state;
	assert_int_equal(channel_receive(channel, clock_after_ms(30), &frame, &err), -ETIMEDOUT);
	assert_true(clock_now_ns() - begin_ns >= 30 * NS_PER_MS);
	put_frame(peer, FRAME_READY, "");
	assert_int_equal(channel_receive(channel, 0, &frame, &err), 0); /* it had come already */
	assert_int_equal(channel_send(channel, megabyte, sizeof(megabyte), clock_after_ms(30),
				      &err), -ETIMEDOUT);
	(void)close(peer);
	channel_free(channel);
}

static atomic_bool flood_stops;

static void *flood_stderr(void *arg)
{
	static uint8_t stream[4096];

	for (size_t i = 0; i + 16 <= sizeof(stream); i += 16)
		memcpy(stream + i, "\2\0\0\0\0\0\0\10warnings", 16);
	while (!atomic_load(&flood_stops)) {
		int64_t deadline_ns = clock_after_ms(100);

		if (io_write_all(*(int *)arg, stream, sizeof(stream), deadline_ns) == -EPIPE)
			break;
	}
	return NULL;
}

/* Bytes that are dropped never let the reader wait, and it must see the deadline all the same. */
static void test_flood_of_dropped_bytes_meets_the_deadline(void **state)
{
	struct frame frame;
	pthread_t thread;
	int peer;
	struct channel *channel = open_pair(true, &peer);
	int64_t begin_ns = clock_now_ns();

	(void)state;
	atomic_store(&flood_stops, false);
	assert_int_equal(thread_start(&thread, "flood", flood_stderr, &peer), 0);
	assert_int_equal(channel_receive(channel, clock_after_ms(100), &frame, NULL), -ETIMEDOUT);
	assert_true(clock_now_ns() - begin_ns < 3 * NS_PER_S);
	channel_free(channel);
	atomic_store(&flood_stops, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	(void)close(peer);
}

static void test_allocation_failures(void **state)
{
	unsigned n;

	(void)state;
	for (n = 1; n <= ALLOC_RUNS; n++) {
		struct channel *channel = NULL;
		struct frame frame;
		int fds[2], result;

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
		put_frame(fds[1], FRAME_READY, "");
		alloc_fail_at(n);
		result = channel_open(&fds[0], false, &channel, NULL);
		if (result < 0)
			assert_true(fds[0] >= 0);
		if (result == 0)
			result = channel_receive(channel, SOON, &frame, NULL);
		assert_int_equal(result, alloc_failed() ? -ENOMEM : 0);
		channel_free(channel);
		if (fds[0] >= 0)
			(void)close(fds[0]);
		(void)close(fds[1]);
		if (!alloc_failed())
			break;
	}
	alloc_fail_at(0);
	assert_int_equal(n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames_both_ways),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_multiplexed_frames),
		cmocka_unit_test(test_bad_peers),
		cmocka_unit_test(test_reset_is_the_end),
		cmocka_unit_test(test_silence_meets_the_deadline),
		cmocka_unit_test(test_flood_of_dropped_bytes_meets_the_deadline),
		cmocka_unit_test(test_allocation_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
