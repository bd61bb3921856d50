/* channel: the byte stream to one agent, and the frames on it.
 *
 * Threads:   a channel belongs to one thread at a time; it may be handed on.
 * Ownership: channel_free() closes it, and with it ends the container.
 * Errors:    -EPIPE the agent's end is gone, -ETIMEDOUT, -EBADMSG and -EMSGSIZE for bytes that are
 *            not the protocol, -ENOMEM. After an error the channel is only good for freeing, but
 *            for -ETIMEDOUT of channel_receive: it may be called again. */
#ifndef KILN_CHANNEL_CHANNEL_H
#define KILN_CHANNEL_CHANNEL_H

#include "base/err.h"
#include "frame/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct channel;
struct docker;

/* A folder with a listening Unix socket in it, to be bound into one container, read-only. */
struct channel_listener;

#define CHANNEL_SOCKET_NAME "agent.sock"

/* Makes `directory` (mode 0755) and listens in it. -ENAMETOOLONG when the socket's path would take
 * more than 107 bytes, -EEXIST, or what else mkdir(2) and bind(2) say. */
int channel_listen(const char *directory, struct channel_listener **ret_listener, struct err *err);

/* Waits for the agent, checks that the peer is process `pid` (0: not checked, where kilnd cannot
 * see the daemon's processes), and stops to listen and unlinks the socket, so that a job finds
 * nothing. -EPERM: another process connected. A listener is accepted from once. */
int channel_accept(struct channel_listener *listener, int pid, int64_t deadline_ns,
		   struct channel **ret_channel, struct err *err);

/* Closes, removes socket and folder. Accepts NULL. */
void channel_listener_free(struct channel_listener *listener);

/* The container's own stdio, for a runtime or an engine where a socket cannot be bound in. */
int channel_attach(struct docker *docker, const char *container_id, struct channel **ret_channel,
		   struct err *err);

void channel_free(struct channel *channel); /* accepts NULL */

/* To poll for POLLIN: between jobs, what can be read is WARM, the agent's end, or a defect. */
int channel_fd(const struct channel *channel);

/* Nothing was received beyond the last frame, and nothing waits to be. An agent that said more than
 * it was asked for would otherwise answer the next job before that was sent. */
bool channel_is_silent(const struct channel *channel);

int channel_send(struct channel *channel, const void *data, size_t length, int64_t deadline_ns,
		 struct err *err);

/* The next frame; its payload is valid until the next call. */
int channel_receive(struct channel *channel, int64_t deadline_ns, struct frame *ret_frame,
		    struct err *err);

#endif
