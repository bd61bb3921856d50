/* session: a connection to NATS, and requests over it. The client's only user of nats.c.
 *
 * The text of every error is a whole sentence for the person at the terminal; passwords and
 * tokens of URLs are masked in it.
 *
 * Threads: a session belongs to one thread at a time; open one per thread. */
#ifndef KILN_CLIENT_SESSION_H
#define KILN_CLIENT_SESSION_H

#include "base/err.h"
#include "config/config.h"

#include <stddef.h>
#include <stdint.h>

struct session;

/* The configuration, from the environment and `.env`. `server`, when not NULL, replaces its URL.
 * NULL: the reasons were said on stderr. */
struct config *session_config(const char *server);

/* NULL: no server, a refused login, no memory. */
struct session *session_open(const struct config *config, struct err *err);
void session_close(struct session *session); /* accepts NULL */

/* Sends a request and waits for its reply, a text with a NUL behind it, to be freed.
 *   -ETIMEDOUT no reply in time    -ENOENT no engine listens on the subject
 *   -EMSGSIZE  the server does not take so large a message
 *   -EINVAL    not a subject    -EPIPE the connection is lost    -ENOMEM    -EIO anything else */
int session_request(struct session *session, const char *subject, const char *data, size_t length,
		    int64_t timeout_ms, char **ret_reply, size_t *ret_length, struct err *err);

/* 0 and the time that a ping takes, or a negative errno. */
int session_round_trip(struct session *session, int64_t *ret_ns);
int64_t session_payload_max(struct session *session);

/* The URL, or the list of URLs with commas between, without passwords and tokens; writes at most
 * size bytes. */
void session_mask_url(const char *url, char *text, size_t size);

#endif
