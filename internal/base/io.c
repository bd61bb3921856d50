#include "base/io.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int io_wait(int fd, short events, int64_t deadline_ns)
{
	for (;;) {
		struct pollfd entry = {.fd = fd, .events = events};
		int ready = poll(&entry, 1, clock_poll_ms(deadline_ns));

		if (ready > 0)
			return 0;
		if (ready < 0 && errno != EINTR)
			return -errno;
		if (ready == 0 && clock_now_ns() >= deadline_ns)
			return -ETIMEDOUT;
	}
}

ssize_t io_read(int fd, void *data, size_t length, int64_t deadline_ns)
{
	for (;;) {
		ssize_t got = read(fd, data, length);
		int result;

		if (got >= 0)
			return got;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return -errno;
		result = io_wait(fd, POLLIN, deadline_ns);
		if (result < 0)
			return result;
	}
}

/* send() keeps a peer that went away from raising SIGPIPE; pipes need write(). */
static ssize_t write_some(int fd, const void *data, size_t length)
{
	ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);

	if (sent < 0 && errno == ENOTSOCK)
		sent = write(fd, data, length);
	return sent;
}

int io_write_all(int fd, const void *data, size_t length, int64_t deadline_ns)
{
	const char *next = data;

	while (length > 0) {
		ssize_t sent = write_some(fd, next, length);
		int result;

		if (sent >= 0) {
			next += sent;
			length -= (size_t)sent;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return -errno;
		result = io_wait(fd, POLLOUT, deadline_ns);
		if (result < 0)
			return result;
	}
	return 0;
}

ssize_t io_read_file(const char *path, char *text, size_t size)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;

	if (fd < 0)
		return -errno;
	while (length < size - 1) {
		ssize_t got = read(fd, text + length, size - 1 - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		length += (size_t)got;
	}
	text[length] = '\0';
	return (ssize_t)length;
}

int io_set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	return 0;
}
