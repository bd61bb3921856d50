/* stopwatch: runs commands in a box, and tells how long each took from its start to its end.
 *
 * The clock is inside: a small program in the container, started once with `docker exec`, takes
 * each command as a line, starts it with posix_spawn(3), waits for its end and answers. So what
 * docker takes to carry the question counts nowhere, nor does the copying of the starter's memory
 * that a fork without exec would pay for. What the little program itself adds to a lap is some
 * 20 µs. Output goes to a file of the tmpfs, as a shell's redirection would have it.
 *
 * It needs python3 in the image. Threads: one owner. */
#ifndef KILN_CLIENT_STOPWATCH_H
#define KILN_CLIENT_STOPWATCH_H

#include "base/err.h"
#include "client/box.h"
#include "client/process.h"

#include <stddef.h>
#include <stdint.h>

#define STOPWATCH_OUTPUT_BYTES 256

struct stopwatch {
	struct dialog dialog;
};

struct lap {
	int status; /* 0 to 255, or 128 plus a signal */
	int64_t ns;
	size_t output_bytes;                 /* of stdout and stderr together */
	char output[STOPWATCH_OUTPUT_BYTES]; /* their beginning */
};

/* Commands run in BOX_FOLDER. 0 or a negative errno. */
int stopwatch_open(struct stopwatch *stopwatch, const struct box *box, struct err *err);
void stopwatch_close(struct stopwatch *stopwatch); /* accepts a zeroed one */

/* Writes a file. A relative path begins in BOX_FOLDER. */
int stopwatch_write(struct stopwatch *stopwatch, const char *path, const void *data, size_t length,
		    struct err *err);

/* Runs a command: 0 and its lap, or a negative errno, after which the stopwatch is broken. */
int stopwatch_run(struct stopwatch *stopwatch, const char *const *argv, int64_t timeout_ms,
		  struct lap *ret_lap, struct err *err);

#endif
