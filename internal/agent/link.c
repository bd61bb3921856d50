#include "agent/link.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Memory of the send buffer that is kept from job to job. */
#define OUT_KEPT_BYTES ((size_t)64 * 1024)

static void link_init(struct link *link, int in_fd, int out_fd)
{
	*link = (struct link){.in_fd = in_fd, .out_fd = out_fd};
	frame_reader_init(&link->reader, FRAME_TO_AGENT_MAX);
	buf_init(&link->out, BUF_UNBOUNDED);
}

int link_dial(struct link *link, struct err *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = LINK_SOCKET_PATH};
	auto_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_set(err, -errno, "socket: %s", strerror(errno));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return err_set(err, -errno, "connect to " LINK_SOCKET_PATH ": %s", strerror(errno));
	if (io_set_nonblocking(fd) < 0)
		return err_set(err, -errno, "non-blocking: %s", strerror(errno));
	link_init(link, fd, fd);
	(void)take_fd(&fd);
	return 0;
}

/* Moves a standard stream out of the way of the job's, and leaves /dev/null in its place. */
static int move_away(int standard_fd, int null_fd)
{
	int fd = fcntl(standard_fd, F_DUPFD_CLOEXEC, 3);

	if (fd < 0)
		return -errno;
	if (dup2(null_fd, standard_fd) < 0 || io_set_nonblocking(fd) < 0) {
		(void)close(fd);
		return -EIO;
	}
	return fd;
}

int link_use_stdio(struct link *link, struct err *err)
{
	auto_close int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	auto_close int in_fd = null_fd < 0 ? -1 : move_away(STDIN_FILENO, null_fd);
	auto_close int out_fd = null_fd < 0 ? -1 : move_away(STDOUT_FILENO, null_fd);

	if (in_fd < 0 || out_fd < 0)
		return err_set(err, -EIO, "standard streams cannot be moved");
	link_init(link, take_fd(&in_fd), take_fd(&out_fd));
	return 0;
}

int link_poll_frame(struct link *link, struct frame *ret_frame)
{
	for (;;) {
		int result = frame_reader_next(&link->reader, ret_frame);
		size_t room_length;
		uint8_t *room;
		ssize_t got;

		if (result != 0)
			return result < 0 ? -EPIPE : 1;
		if (frame_reader_room(&link->reader, &room, &room_length) < 0)
			return -EPIPE;
		got = read(link->in_fd, room, room_length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return 0;
		if (got <= 0)
			return -EPIPE;
		frame_reader_filled(&link->reader, (size_t)got);
	}
}

int link_flush(struct link *link)
{
	while (link_backlog(link) > 0) {
		ssize_t put = write(link->out_fd, link->out.data + link->sent, link_backlog(link));

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EAGAIN)
			return 0;
		if (put < 0)
			return -EPIPE;
		link->sent += (size_t)put;
	}
	buf_reset(&link->out, OUT_KEPT_BYTES);
	link->sent = 0;
	return 0;
}

int link_flush_all(struct link *link, int64_t deadline_ns)
{
	for (;;) {
		int result = link_flush(link);

		if (result < 0 || link_backlog(link) == 0)
			return result;
		result = io_wait(link->out_fd, POLLOUT, deadline_ns);
		if (result < 0)
			return result;
	}
}
