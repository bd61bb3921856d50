#include "base/cleanup.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

static void an_error_is_filled_and_wrapped(void **state)
{
	struct err err = {0};

	(void)state;
	assert_int_equal(err_set(&err, -ENOENT, "open '%s'", "x"), -ENOENT);
	assert_int_equal(err.code, -ENOENT);
	assert_string_equal(err.text, "open 'x'");
	assert_int_equal(err_wrap(&err, "container %d", 7), -ENOENT);
	assert_string_equal(err.text, "container 7: open 'x'");
}

static void an_error_may_be_absent(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, -EIO, "x"), -EIO);
	assert_int_equal(err_wrap(NULL, "x"), 0);
}

static void a_long_error_is_cut(void **state)
{
	struct err err;
	char text[400];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	(void)err_set(&err, -EIO, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_int_equal(err_wrap(&err, "ab"), -EIO);
	assert_memory_equal(err.text, "ab: xxx", 7);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_int_equal(err_wrap(&err, "%s", text), -EIO);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

static void deadlines_do_not_overflow(void **state)
{
	int64_t now = clock_now_ns();

	(void)state;
	assert_true(clock_after_ms(50) >= now + 50 * NS_PER_MS);
	assert_true(clock_after_ms(50) < now + NS_PER_S);
	assert_true(clock_after_ms(INT64_MAX) == CLOCK_FOREVER);
	assert_true(clock_after_ms(INT64_MAX / NS_PER_MS) == CLOCK_FOREVER);
	assert_true(clock_after_ms(-5) < now + NS_PER_S);
}

static void poll_times_are_rounded_up(void **state)
{
	int most = 0;

	(void)state;
	assert_int_equal(clock_poll_ms(CLOCK_FOREVER), -1);
	assert_int_equal(clock_poll_ms(0), 0);
	assert_int_equal(clock_poll_ms(clock_now_ns() - 1), 0);
	assert_int_equal(clock_poll_ms(CLOCK_FOREVER - 1), INT_MAX);
	/* More than once, because this thread may be kept waiting between the two calls. */
	for (unsigned i = 0; i < 1000; i++) {
		int ms = clock_poll_ms(clock_now_ns() + NS_PER_MS / 2);

		most = ms > most ? ms : most;
	}
	assert_int_equal(most, 1);
}

static void nanoseconds_are_split(void **state)
{
	struct timespec t = clock_timespec(3 * NS_PER_S + 7);

	(void)state;
	assert_int_equal(t.tv_sec, 3);
	assert_int_equal(t.tv_nsec, 7);
	assert_true(clock_ms(1500000) > 1.4999 && clock_ms(1500000) < 1.5001);
}

struct pair {
	int near, far;
};

static struct pair new_pair(void)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(io_set_nonblocking(fds[0]), 0);
	return (struct pair){fds[0], fds[1]};
}

static void close_pair(struct pair *pair)
{
	cleanup_close(&pair->near);
	cleanup_close(&pair->far);
}

#define auto_pair __attribute__((cleanup(close_pair)))

static void a_wait_ends_at_its_deadline(void **state)
{
	auto_pair struct pair pair = new_pair();
	int64_t begin = clock_now_ns();
	char byte;

	(void)state;
	assert_int_equal(io_wait(pair.near, POLLIN, clock_after_ms(20)), -ETIMEDOUT);
	assert_true(clock_now_ns() - begin >= 20 * NS_PER_MS);
	assert_int_equal(io_read(pair.near, &byte, 1, clock_after_ms(1)), -ETIMEDOUT);
	assert_int_equal(io_wait(pair.near, POLLIN, 0), -ETIMEDOUT);
	assert_int_equal(io_wait(pair.near, POLLOUT, CLOCK_FOREVER), 0);
}

static void reads_return_what_is_there(void **state)
{
	auto_pair struct pair pair = new_pair();
	char data[8];

	(void)state;
	assert_int_equal(write(pair.far, "abc", 3), 3);
	assert_int_equal(io_read(pair.near, data, sizeof(data), CLOCK_FOREVER), 3);
	assert_memory_equal(data, "abc", 3);
	assert_int_equal(shutdown(pair.far, SHUT_WR), 0);
	assert_int_equal(io_read(pair.near, data, sizeof(data), CLOCK_FOREVER), 0);
}

static void bad_descriptors_are_reported(void **state)
{
	char data[8];

	(void)state;
	assert_int_equal(io_read(-1, data, sizeof(data), 0), -EBADF);
	assert_int_equal(io_write_all(-1, "a", 1, 0), -EBADF);
	assert_int_equal(io_set_nonblocking(-1), -EBADF);
}

static void a_full_socket_times_out(void **state)
{
	auto_pair struct pair pair = new_pair();
	size_t length = (size_t)8 << 20;
	auto_free char *data = calloc(1, length);

	(void)state;
	assert_int_equal(io_write_all(pair.near, data, length, clock_after_ms(10)), -ETIMEDOUT);
	assert_int_equal(io_write_all(pair.near, data, 0, 0), 0);
}

static void a_peer_that_went_away_is_no_signal(void **state)
{
	auto_pair struct pair pair = new_pair();

	(void)state;
	cleanup_close(&pair.far);
	pair.far = -1;
	assert_int_equal(io_write_all(pair.near, "abc", 3, CLOCK_FOREVER), -EPIPE);
}

static void pipes_are_written_too(void **state)
{
	auto_pair struct pair pair = {-1, -1};
	int fds[2];
	char data[4];

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pair = (struct pair){fds[1], fds[0]};
	assert_int_equal(io_write_all(pair.near, "abc", 3, CLOCK_FOREVER), 0);
	assert_int_equal(read(pair.far, data, sizeof(data)), 3);
}

static void small_files_are_read_whole(void **state)
{
	char path[] = "/tmp/kiln-test-XXXXXX";
	auto_close int fd = mkstemp(path);
	char text[8];

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "0123456789", 10), 10);
	assert_int_equal(io_read_file(path, text, sizeof(text)), 7);
	assert_string_equal(text, "0123456");
	assert_int_equal(ftruncate(fd, 3), 0);
	assert_int_equal(io_read_file(path, text, sizeof(text)), 3);
	assert_string_equal(text, "012");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(io_read_file(path, text, sizeof(text)), -ENOENT);
	assert_int_equal(io_read_file("/", text, sizeof(text)), -EISDIR);
}

static void descriptors_are_closed_by_their_scope(void **state)
{
	int fd, taken;

	(void)state;
	{
		auto_close int scoped = open("/", O_RDONLY | O_CLOEXEC);
		auto_close int other = open("/", O_RDONLY | O_CLOEXEC);

		fd = scoped;
		taken = take_fd(&other);
		assert_int_equal(other, -1);
	}
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(close(taken), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_is_filled_and_wrapped),
		cmocka_unit_test(an_error_may_be_absent),
		cmocka_unit_test(a_long_error_is_cut),
		cmocka_unit_test(deadlines_do_not_overflow),
		cmocka_unit_test(poll_times_are_rounded_up),
		cmocka_unit_test(nanoseconds_are_split),
		cmocka_unit_test(a_wait_ends_at_its_deadline),
		cmocka_unit_test(reads_return_what_is_there),
		cmocka_unit_test(bad_descriptors_are_reported),
		cmocka_unit_test(a_full_socket_times_out),
		cmocka_unit_test(a_peer_that_went_away_is_no_signal),
		cmocka_unit_test(pipes_are_written_too),
		cmocka_unit_test(small_files_are_read_whole),
		cmocka_unit_test(descriptors_are_closed_by_their_scope),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
