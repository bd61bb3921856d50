#include "base/cleanup.h"
#include "base/io.h"
#include "channel/channel.h"
#include "channel/open.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

struct channel_listener {
	int fd;               /* -1 once the agent is there */
	bool has_directory;   /* it was made here, and is to be removed */
	bool has_socket;
	char *directory;
	struct sockaddr_un address;
};

static int set_address(struct channel_listener *listener, const char *directory, struct err *err)
{
	struct sockaddr_un *address = &listener->address;
	size_t size = sizeof(address->sun_path);
	int length;

	address->sun_family = AF_UNIX;
	length = snprintf(address->sun_path, size, "%s/%s", directory, CHANNEL_SOCKET_NAME);
	if (length < 0 || (size_t)length >= size)
		return err_set(err, -ENAMETOOLONG, "the path '%s/%s' is longer than %zu bytes",
			       directory, CHANNEL_SOCKET_NAME, size - 1);
	return 0;
}

/* The umask may be anything: the agent's user in the container needs to get through both. */
static int make_directory(struct channel_listener *listener, struct err *err)
{
	if (mkdir(listener->directory, 0755) < 0)
		return err_set(err, -errno, "make '%s': %s", listener->directory, strerror(errno));
	listener->has_directory = true;
	if (chmod(listener->directory, 0755) < 0)
		return err_set(err, -errno, "chmod '%s': %s", listener->directory, strerror(errno));
	return 0;
}

static int open_socket(struct channel_listener *listener, struct err *err)
{
	const struct sockaddr *address = (const struct sockaddr *)&listener->address;
	const char *path = listener->address.sun_path;

	listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (listener->fd < 0)
		return err_set(err, -errno, "make a socket: %s", strerror(errno));
	if (bind(listener->fd, address, sizeof(listener->address)) < 0)
		return err_set(err, -errno, "bind '%s': %s", path, strerror(errno));
	listener->has_socket = true;
	if (chmod(path, 0666) < 0)
		return err_set(err, -errno, "chmod '%s': %s", path, strerror(errno));
	if (listen(listener->fd, 1) < 0)
		return err_set(err, -errno, "listen on '%s': %s", path, strerror(errno));
	return 0;
}

int channel_listen(const char *directory, struct channel_listener **ret_listener, struct err *err)
{
	struct channel_listener *listener = calloc(1, sizeof(*listener));
	int result;

	if (listener == NULL)
		return err_set(err, -ENOMEM, "out of memory for a listener");
	listener->fd = -1;
	listener->directory = strdup(directory);
	if (listener->directory == NULL)
		result = err_set(err, -ENOMEM, "out of memory for a listener");
	else
		result = set_address(listener, directory, err);
	if (result == 0)
		result = make_directory(listener, err);
	if (result == 0)
		result = open_socket(listener, err);
	if (result < 0) {
		channel_listener_free(listener);
		return result;
	}
	*ret_listener = listener;
	return 0;
}

static void close_socket(struct channel_listener *listener)
{
	if (listener->fd >= 0)
		(void)close(listener->fd);
	listener->fd = -1;
	if (listener->has_socket)
		(void)unlink(listener->address.sun_path);
	listener->has_socket = false;
}

void channel_listener_free(struct channel_listener *listener)
{
	if (listener == NULL)
		return;
	close_socket(listener);
	if (listener->has_directory)
		(void)rmdir(listener->directory);
	free(listener->directory);
	free(listener);
}

/* A descriptor, or a negative errno. */
static int accept_until(const struct channel_listener *listener, int64_t deadline_ns)
{
	for (;;) {
		int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		int result;

		if (fd >= 0)
			return fd;
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		if (errno != EAGAIN)
			return -errno;
		result = io_wait(listener->fd, POLLIN, deadline_ns);
		if (result < 0)
			return result;
	}
}

static int check_peer(int fd, int pid, struct err *err)
{
	struct ucred peer = {0};
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
		return err_set(err, -errno, "ask who connected: %s", strerror(errno));
	if (pid != 0 && peer.pid != pid)
		return err_set(err, -EPERM, "process %d connected in place of the agent, %d",
			       (int)peer.pid, pid);
	return 0;
}

int channel_accept(struct channel_listener *listener, int pid, int64_t deadline_ns,
		   struct channel **ret_channel, struct err *err)
{
	auto_close int fd = accept_until(listener, deadline_ns);
	int result;

	if (fd < 0)
		return err_set(err, fd, "wait for the agent at '%s': %s",
			       listener->address.sun_path, strerror(-fd));
	result = check_peer(fd, pid, err);
	if (result < 0)
		return result;
	close_socket(listener);
	return channel_open(&fd, false, ret_channel, err);
}
