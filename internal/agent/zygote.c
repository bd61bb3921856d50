#include "agent/zygote.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void become_zygote(const char *path, char *const *argv,
				    char *const *environment, int fd, int ruleset_fd)
{
	sigset_t none;

	(void)signal(SIGPIPE, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* First out of the way of the numbers that they are to have. */
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 64);
	if (ruleset_fd >= 0)
		ruleset_fd = fcntl(ruleset_fd, F_DUPFD_CLOEXEC, 64);
	(void)syscall(SYS_close_range, 3U, 63U, 0U);
	if (dup2(fd, ZYGOTE_CONTROL_FD) < 0 ||
	    (ruleset_fd >= 0 && dup2(ruleset_fd, ZYGOTE_RULESET_FD) < 0))
		_exit(1);
	(void)execve(path, argv, environment);
	_exit(1);
}

int zygote_start(struct zygote *zygote, const char *path, char *const *argv,
		 char *const *environment, int ruleset_fd, struct err *err)
{
	int fds[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
		return err_set(err, -errno, "socketpair: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		(void)fcntl(fds[1], F_SETFL, 0);
		become_zygote(path, argv, environment, fds[1], ruleset_fd);
	}
	(void)close(fds[1]);
	if (pid < 0) {
		(void)close(fds[0]);
		return err_set(err, -EAGAIN, "fork of %s: %s", path, strerror(errno));
	}
	*zygote = (struct zygote){.pid = pid, .fd = fds[0]};
	return 0;
}

int zygote_order(struct zygote *zygote, uid_t uid, const struct pipe_ends *job, int control_fd)
{
	const int fds[ZYGOTE_ORDER_FDS] = {job->input_fd, job->output_fd, job->error_fd,
					   control_fd};
	struct zygote_order order = {.uid = uid};
	struct iovec part = {.iov_base = &order, .iov_len = sizeof(order)};
	union {
		char space[CMSG_SPACE(sizeof(fds))];
		struct cmsghdr align;
	} control = {{0}};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(header), fds, sizeof(fds));
	if (sendmsg(zygote->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return -EPIPE;
	zygote->forks++;
	return 0;
}

int zygote_hear(struct zygote *zygote, pid_t *ret_pid)
{
	int32_t pid;
	ssize_t got = recv(zygote->fd, &pid, sizeof(pid), MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	if (got != (ssize_t)sizeof(pid) || pid < 0)
		return -EPIPE;
	if (pid == 0) {
		zygote->up = true;
		return 0;
	}
	*ret_pid = pid;
	return 1;
}

void zygote_end(struct zygote *zygote)
{
	if (zygote->pid == 0)
		return;
	(void)kill(zygote->pid, SIGKILL);
	(void)close(zygote->fd);
	while (waitpid(zygote->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	*zygote = (struct zygote){.fd = -1};
}
