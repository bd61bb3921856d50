/* The listener lets one process in, the right one, and leaves nothing behind. */
#include "channel/channel.h"

#include "base/clock.h"
#include "support/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SOON clock_after_ms(5000)

struct place {
	char parent[32];
	char directory[64];
	char socket[96];
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	(void)snprintf(place->parent, sizeof(place->parent), "/tmp/kiln-test-XXXXXX");
	if (mkdtemp(place->parent) == NULL)
		return -1;
	(void)snprintf(place->directory, sizeof(place->directory), "%s/c1", place->parent);
	(void)snprintf(place->socket, sizeof(place->socket), "%s/%s", place->directory,
		       CHANNEL_SOCKET_NAME);
	*state = place;
	return 0;
}

/* Fails when something was left behind: the parent is not empty then. */
static int tear_down(void **state)
{
	struct place *place = *state;
	int result = rmdir(place->parent);

	free(place);
	return result;
}

static int dial(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/* A process that dials, sends a READY frame, and stays until the other end closes. */
static pid_t start_agent(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		uint8_t header[FRAME_HEADER_BYTES];
		int fd = dial(path);
		char byte;

		frame_put_header(header, FRAME_READY, 0);
		if (fd < 0 || write(fd, header, sizeof(header)) != sizeof(header))
			_exit(1);
		_exit(read(fd, &byte, 1) == 0 ? 0 : 2);
	}
	assert_true(pid > 0);
	return pid;
}

static void assert_ends_well(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void test_the_right_process_is_let_in(void **state)
{
	struct place *place = *state;
	struct channel_listener *listener = NULL;
	struct channel *channel = NULL;
	struct frame frame;
	struct stat status;
	pid_t agent;
	mode_t before = umask(0077);

	assert_int_equal(channel_listen(place->directory, &listener, NULL), 0);
	(void)umask(before);
	assert_int_equal(stat(place->directory, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0755);
	assert_int_equal(stat(place->socket, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0666);

	agent = start_agent(place->socket);
	assert_int_equal(channel_accept(listener, agent, SOON, &channel, NULL), 0);
	assert_int_equal(access(place->socket, F_OK), -1);
	assert_int_equal(access(place->directory, F_OK), 0);
	assert_int_equal(channel_receive(channel, SOON, &frame, NULL), 0);
	assert_int_equal(frame.type, FRAME_READY);
	assert_true((fcntl(channel_fd(channel), F_GETFD) & FD_CLOEXEC) != 0);
	assert_true((fcntl(channel_fd(channel), F_GETFL) & O_NONBLOCK) != 0);
	channel_free(channel);
	assert_ends_well(agent);
	channel_listener_free(listener);
	assert_int_equal(access(place->directory, F_OK), -1);
}

static void test_another_process_is_not(void **state)
{
	struct place *place = *state;
	struct channel_listener *listener = NULL;
	struct channel *channel = NULL;
	struct err err;
	pid_t agent;

	assert_int_equal(channel_listen(place->directory, &listener, NULL), 0);
	agent = start_agent(place->socket);
	assert_int_equal(channel_accept(listener, getpid(), SOON, &channel, &err),
			 -EPERM);
	assert_null(channel);
	assert_non_null(strstr(err.text, "in place of the agent"));
	channel_listener_free(listener);
	(void)kill(agent, SIGKILL); /* it may have been refused before or after its write */
	(void)waitpid(agent, NULL, 0);
}

static void test_any_process_where_pids_are_not_known(void **state)
{
	struct place *place = *state;
	struct channel_listener *listener = NULL;
	struct channel *channel = NULL;
	pid_t agent;

	assert_int_equal(channel_listen(place->directory, &listener, NULL), 0);
	agent = start_agent(place->socket);
	assert_int_equal(channel_accept(listener, 0, SOON, &channel, NULL), 0);
	channel_listener_free(listener); /* the channel lives on without it */
	{
		struct frame frame;

		assert_int_equal(channel_receive(channel, SOON, &frame, NULL), 0);
	}
	channel_free(channel);
	assert_ends_well(agent);
}

static void test_nobody_else_gets_in_afterwards(void **state)
{
	struct place *place = *state;
	struct channel_listener *listener = NULL;
	struct channel *channel = NULL;
	char other[128], byte;
	int first, second;

	assert_int_equal(channel_listen(place->directory, &listener, NULL), 0);
	/* A second name of the socket, as a process that saw it early could make one. */
	(void)snprintf(other, sizeof(other), "%s/other", place->directory);
	assert_int_equal(link(place->socket, other), 0);
	first = dial(place->socket);
	second = dial(place->socket);
	assert_true(first >= 0 && second >= 0);
	assert_int_equal(channel_accept(listener, getpid(), SOON, &channel, NULL), 0);
	assert_int_equal(dial(other), -1);
	assert_true(read(second, &byte, 1) <= 0); /* it waited in the backlog, and was dropped */
	channel_free(channel);
	(void)close(first);
	(void)close(second);
	(void)unlink(other);
	channel_listener_free(listener);
}

static void test_nobody_comes(void **state)
{
	struct place *place = *state;
	struct channel_listener *listener = NULL;
	struct channel *channel = NULL;
	struct err err;

	assert_int_equal(channel_listen(place->directory, &listener, NULL), 0);
	assert_int_equal(channel_accept(listener, 1, clock_after_ms(30), &channel, &err),
			 -ETIMEDOUT);
	assert_non_null(strstr(err.text, place->socket));
	channel_listener_free(listener);
	channel_listener_free(NULL);
}

static void test_places_where_it_cannot_be(void **state)
{
	struct place *place = *state;
	struct channel_listener *listener = NULL;
	char path[160];
	struct err err;

	assert_int_equal(mkdir(place->directory, 0700), 0);
	assert_int_equal(channel_listen(place->directory, &listener, &err), -EEXIST);
	assert_int_equal(rmdir(place->directory), 0); /* what it did not make it leaves alone */
	(void)snprintf(path, sizeof(path), "%s/no/such", place->parent);
	assert_int_equal(channel_listen(path, &listener, &err), -ENOENT);
	(void)snprintf(path, sizeof(path), "%s/%0100d", place->parent, 0);
	assert_int_equal(channel_listen(path, &listener, &err), -ENAMETOOLONG);
	assert_null(listener);
}

static void test_longest_path(void **state)
{
	struct place *place = *state;
	struct channel_listener *listener = NULL;
	struct channel *channel = NULL;
	char path[128];
	int width = 107 - (int)strlen(place->parent) - 1 - 1 - (int)strlen(CHANNEL_SOCKET_NAME);
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%0*d", place->parent, width, 0);
	assert_int_equal(channel_listen(path, &listener, NULL), 0);
	(void)snprintf(path, sizeof(path), "%s/%0*d/%s", place->parent, width, 0,
		       CHANNEL_SOCKET_NAME);
	assert_int_equal(strlen(path), 107);
	fd = dial(path);
	assert_true(fd >= 0);
	assert_int_equal(channel_accept(listener, getpid(), SOON, &channel, NULL), 0);
	channel_free(channel);
	(void)close(fd);
	channel_listener_free(listener);
}

static void test_allocation_failures(void **state)
{
	struct place *place = *state;
	unsigned n;

	for (n = 1; n <= ALLOC_RUNS; n++) {
		struct channel_listener *listener = NULL;
		int result;

		alloc_fail_at(n);
		result = channel_listen(place->directory, &listener, NULL);
		assert_int_equal(result, alloc_failed() ? -ENOMEM : 0);
		channel_listener_free(listener);
		assert_int_equal(access(place->directory, F_OK), -1);
		if (!alloc_failed())
			break;
	}
	alloc_fail_at(0);
	assert_int_equal(n, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_the_right_process_is_let_in),
		TEST(test_another_process_is_not),
		TEST(test_any_process_where_pids_are_not_known),
		TEST(test_nobody_else_gets_in_afterwards),
		TEST(test_nobody_comes),
		TEST(test_places_where_it_cannot_be),
		TEST(test_longest_path),
		TEST(test_allocation_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
