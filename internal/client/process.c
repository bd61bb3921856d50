#include "client/process.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int process_find(const char *name, char *ret_path, size_t size)
{
	const char *folder = getenv("PATH");

	while (folder != NULL && *folder != '\0') {
		int length = (int)strcspn(folder, ":");
		int written = snprintf(ret_path, size, "%.*s/%s", length, folder, name);

		if (written > 0 && (size_t)written < size && access(ret_path, X_OK) == 0)
			return 0;
		folder += length;
		folder += *folder == ':';
	}
	return -ENOENT;
}

/* Starts argv with the given descriptors; -1 is /dev/null. */
static int spawn(const char *const *argv, int in_fd, int out_fd, int err_fd, pid_t *ret_pid)
{
	const int fds[] = {in_fd, out_fd, err_fd};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int result = posix_spawn_file_actions_init(&actions);

	if (result != 0)
		return -result;
	/* nats.c ignores SIGPIPE in the whole process, and what is ignored stays so over exec. */
	(void)sigemptyset(&defaults);
	(void)sigaddset(&defaults, SIGPIPE);
	(void)posix_spawnattr_init(&attributes);
	(void)posix_spawnattr_setsigdefault(&attributes, &defaults);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	for (int fd = 0; result == 0 && fd < 3; fd++) {
		if (fds[fd] >= 0)
			result = posix_spawn_file_actions_adddup2(&actions, fds[fd], fd);
		else
			result = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR,
								  0);
	}
	if (result == 0)
		result = posix_spawnp(ret_pid, argv[0], &actions, &attributes,
				      (char *const *)(uintptr_t)argv, environ);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&actions);
	return -result;
}

/* Waits until the deadline, then kills. Reaps in any case. */
static int await_end(pid_t pid, int64_t deadline_ns, int *ret_status)
{
	auto_close int fd = pidfd_open(pid, 0);
	int result = fd < 0 ? -errno : io_wait(fd, POLLIN, deadline_ns);
	int status = 0;

	if (result < 0)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return result;
}

int process_run(const char *const *argv, int64_t timeout_ms, int *ret_status)
{
	int64_t deadline_ns = clock_after_ms(timeout_ms);
	pid_t pid;
	int result = spawn(argv, -1, -1, -1, &pid);

	return result < 0 ? result : await_end(pid, deadline_ns, ret_status);
}

static int read_text(int fd, int64_t deadline_ns, char *text, size_t size)
{
	char rest[512];
	size_t length = 0;

	for (;;) {
		bool fits = length + 1 < size;
		ssize_t got = fits ? io_read(fd, text + length, size - 1 - length, deadline_ns)
				   : io_read(fd, rest, sizeof(rest), deadline_ns);

		if (got <= 0) {
			text[length] = '\0';
			return (int)got;
		}
		if (fits)
			length += (size_t)got;
	}
}

int process_capture(const char *const *argv, int64_t timeout_ms, char *text, size_t size,
		    int *ret_status)
{
	int64_t deadline_ns = clock_after_ms(timeout_ms);
	auto_close int read_fd = -1, write_fd = -1;
	int fds[2], result;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	read_fd = fds[0];
	write_fd = fds[1];
	result = io_set_nonblocking(read_fd);
	if (result == 0)
		result = spawn(argv, -1, write_fd, write_fd, &pid);
	if (result < 0)
		return result;
	(void)close(take_fd(&write_fd));
	result = read_text(read_fd, deadline_ns, text, size);
	if (result < 0)
		deadline_ns = 0;
	if (await_end(pid, deadline_ns, ret_status) < 0)
		return -ETIMEDOUT;
	return 0;
}

int dialog_open(struct dialog *dialog, const char *const *argv)
{
	auto_close int in_read = -1, in_write = -1, out_read = -1, out_write = -1;
	int in[2], out[2], result;

	if (pipe2(in, O_CLOEXEC) < 0)
		return -errno;
	in_read = in[0];
	in_write = in[1];
	if (pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	out_read = out[0];
	out_write = out[1];
	result = io_set_nonblocking(out_read);
	if (result == 0)
		result = io_set_nonblocking(in_write);
	if (result == 0)
		result = spawn(argv, in_read, out_write, -1, &dialog->pid);
	if (result < 0)
		return result;
	dialog->in_fd = take_fd(&in_write);
	dialog->out_fd = take_fd(&out_read);
	return 0;
}

void dialog_close(struct dialog *dialog)
{
	int status;

	if (dialog->pid == 0)
		return;
	(void)close(dialog->in_fd);
	(void)close(dialog->out_fd);
	(void)await_end(dialog->pid, clock_after_ms(1000), &status);
	dialog->pid = 0;
}

int dialog_ask(struct dialog *dialog, const char *line, int64_t timeout_ms, char *text, size_t size)
{
	int64_t deadline_ns = clock_after_ms(timeout_ms);
	int result = io_write_all(dialog->in_fd, line, strlen(line), deadline_ns);
	size_t length = 0;

	if (result == 0)
		result = io_write_all(dialog->in_fd, "\n", 1, deadline_ns);
	while (result == 0 && length + 1 < size) {
		ssize_t got =
			io_read(dialog->out_fd, text + length, size - 1 - length, deadline_ns);

		if (got < 0)
			return (int)got;
		if (got == 0)
			return -EPIPE;
		length += (size_t)got;
		if (text[length - 1] == '\n') {
			text[length - 1] = '\0';
			return 0;
		}
	}
	return result < 0 ? result : -EMSGSIZE;
}
