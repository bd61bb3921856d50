#include "channel/channel.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "channel/open.h"
#include "docker/docker.h"
#include "docker/stream.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>

struct channel {
	int fd;
	bool multiplexed;
	struct docker_demux demux;
	struct frame_reader reader;
};

int channel_open(int *fd, bool multiplexed, struct channel **ret_channel, struct err *err)
{
	struct channel *channel = calloc(1, sizeof(*channel));

	if (channel == NULL)
		return err_set(err, -ENOMEM, "out of memory for a channel");
	channel->fd = take_fd(fd);
	channel->multiplexed = multiplexed;
	frame_reader_init(&channel->reader, FRAME_FROM_AGENT_MAX);
	*ret_channel = channel;
	return 0;
}

int channel_attach(struct docker *docker, const char *container_id, struct channel **ret_channel,
		   struct err *err)
{
	auto_close int fd = -1;
	int result = docker_attach(docker, container_id, &fd, err);

	return result < 0 ? result : channel_open(&fd, true, ret_channel, err);
}

void channel_free(struct channel *channel)
{
	if (channel == NULL)
		return;
	(void)close(channel->fd);
	frame_reader_fini(&channel->reader);
	free(channel);
}

int channel_fd(const struct channel *channel)
{
	return channel->fd;
}

bool channel_is_silent(const struct channel *channel)
{
	struct pollfd entry = {.fd = channel->fd, .events = POLLIN};

	return channel->reader.consumed == channel->reader.data.length && poll(&entry, 1, 0) == 0;
}

static int fail(struct err *err, const char *verb, int code)
{
	if (code == -EPIPE || code == -ECONNRESET)
		return err_set(err, -EPIPE, "%s the agent: its end is gone", verb);
	return err_set(err, code, "%s the agent: %s", verb, strerror(-code));
}

int channel_send(struct channel *channel, const void *data, size_t length, int64_t deadline_ns,
		 struct err *err)
{
	int result = io_write_all(channel->fd, data, length, deadline_ns);

	return result < 0 ? fail(err, "send to", result) : 0;
}

/* Reads what there is, waiting for the first of it. */
static int fill(struct channel *channel, int64_t deadline_ns)
{
	uint8_t *room;
	size_t length;
	ssize_t got;
	int result = frame_reader_room(&channel->reader, &room, &length);

	if (result < 0)
		return result;
	got = io_read(channel->fd, room, length, deadline_ns);
	if (got == 0)
		return -EPIPE;
	if (got > 0 && channel->multiplexed)
		got = docker_demux_stdout(&channel->demux, room, (size_t)got);
	if (got < 0)
		return (int)got;
	frame_reader_filled(&channel->reader, (size_t)got);
	return 0;
}

int channel_receive(struct channel *channel, int64_t deadline_ns, struct frame *ret_frame,
		    struct err *err)
{
	int result = frame_reader_next(&channel->reader, ret_frame);

	while (result == 0) {
		result = fill(channel, deadline_ns);
		if (result == 0)
			result = frame_reader_next(&channel->reader, ret_frame);
		/* A peer that never pauses, say with output on stderr, never makes the read wait,
		 * and only a read that waits looks at the deadline. */
		if (result == 0 && clock_now_ns() >= deadline_ns)
			result = -ETIMEDOUT;
	}
	return result < 0 ? fail(err, "receive from", result) : 0;
}
