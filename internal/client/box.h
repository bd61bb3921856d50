/* box: a long-lived container of the worker image, without Kiln in it, for comparison: what
 * `docker exec` takes, and what the plain command takes inside.
 *
 * Made with the docker program. It has no network, removes itself after an hour at the latest,
 * and is removed by box_close(). Threads: one owner. */
#ifndef KILN_CLIENT_BOX_H
#define KILN_CLIENT_BOX_H

#include "base/err.h"
#include "client/plain.h"
#include "client/process.h"
#include "config/config.h"

#include <stdint.h>

#define BOX_ARGS_MAX (PLAIN_ARGS_MAX + 10)

struct box {
	char host[128];   /* "unix:///var/run/docker.sock" */
	char id[65];      /* "" while there is none */
	char file[48];    /* the program inside */
	char program[48]; /* where a compiler writes */
	struct dialog timer;
};

/* Starts the container and copies `file` into it. 0 or a negative errno: then nothing is left. */
int box_open(struct box *box, const struct config *config, const char *file,
	     const struct plain *plain, struct err *err);
void box_close(struct box *box); /* accepts a zeroed one */

/* Runs the plain command with `docker exec`. 0 and its exit status, or a negative errno. */
int box_exec(const struct box *box, const struct plain *plain, int64_t timeout_ms, int *ret_status);

/* Starts bash in the container; box_time() has it run the plain command, and gives the time that
 * bash measured, without docker. */
int box_start_timer(struct box *box, const struct plain *plain, struct err *err);
int box_time(struct box *box, int64_t timeout_ms, int *ret_status, int64_t *ret_ns);

#endif
