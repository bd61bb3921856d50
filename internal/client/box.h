/* box: a long-lived container of the worker image, without Kiln in it, for comparison: what
 * `docker exec` takes, and what a plain command takes inside (stopwatch.h).
 *
 * Made with the docker program. It has no network and no limits, and a tmpfs at BOX_FOLDER; its
 * label kiln.bench is the id of the process that made it. It removes itself after a day at the
 * latest, and is removed by box_close(). Threads: one owner. */
#ifndef KILN_CLIENT_BOX_H
#define KILN_CLIENT_BOX_H

#include "base/err.h"
#include "client/process.h"
#include "config/config.h"

#include <stddef.h>
#include <stdint.h>

#define BOX_FOLDER "/workspace"

struct box {
	char host[128]; /* "unix:///var/run/docker.sock" */
	char id[65];    /* "" while there is none */
};

/* Starts the container. 0 or a negative errno: then nothing is left. */
int box_open(struct box *box, const struct config *config, struct err *err);
void box_close(struct box *box); /* accepts a zeroed one */

/* Runs a command with `docker exec`: 0, its exit status and what it printed, or a negative errno
 * (process.h). */
int box_exec(const struct box *box, const char *const *command, int64_t timeout_ms, char *text,
	     size_t size, int *ret_status);

/* Starts a command with `docker exec` that answers lines. */
int box_converse(const struct box *box, const char *const *command, struct dialog *ret_dialog);

#endif
