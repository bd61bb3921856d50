/* link: the agent's end of the byte stream to kilnd.
 *
 * Either a Unix socket that kilnd bound into the container, or the container's own stdin and
 * stdout. Both ends are non-blocking; what cannot be sent at once waits
 * in a buffer, so that a slow kilnd never stops the agent from watching the clock. */
#ifndef KILN_AGENT_LINK_H
#define KILN_AGENT_LINK_H

#include "base/buf.h"
#include "base/err.h"
#include "frame/frame.h"

#include <stdbool.h>
#include <stdint.h>

struct link {
	int in_fd;
	int out_fd;
	struct frame_reader reader;
	struct buf out;
	size_t sent; /* bytes of out that are gone */
};

/* Where kilnd's socket is, inside the container. */
#define LINK_SOCKET_PATH "/run/kiln/agent.sock"

int link_dial(struct link *link, struct err *err);       /* the Unix socket */
int link_use_stdio(struct link *link, struct err *err);  /* descriptors 0 and 1 */

/* Reads what is there. 1 and a frame; 0 when none is complete; -EPIPE when kilnd is gone. */
int link_poll_frame(struct link *link, struct frame *ret_frame);

/* Sends what is in `out`, as far as it goes now. 0 or -EPIPE. */
int link_flush(struct link *link);

/* Sends all of `out`, until the deadline (clock.h). */
int link_flush_all(struct link *link, int64_t deadline_ns);

static inline size_t link_backlog(const struct link *link)
{
	return link->out.length - link->sent;
}

#endif
