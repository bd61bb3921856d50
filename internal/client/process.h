/* process: runs other programs, without a shell and with a deadline.
 *
 * argv[0] is looked up in PATH; argv ends with NULL.
 * Errors: -ENOENT and others of posix_spawnp(3) when it cannot be started, -ETIMEDOUT when it was
 * killed at the deadline. How it ended is data: 0 to 255, or 128 plus a signal. */
#ifndef KILN_CLIENT_PROCESS_H
#define KILN_CLIENT_PROCESS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Where PATH has the program: 0 and its path, or -ENOENT. */
int process_find(const char *name, char *ret_path, size_t size);

/* With /dev/null as stdin, stdout and stderr. */
int process_run(const char *const *argv, int64_t timeout_ms, int *ret_status);

/* The same, with stdout and stderr together in text, a NUL behind; what does not fit is dropped. */
int process_capture(const char *const *argv, int64_t timeout_ms, char *text, size_t size,
		    int *ret_status);

/* A program that answers each line on its stdin with one on its stdout. */
struct dialog {
	pid_t pid;
	int in_fd;  /* to its stdin */
	int out_fd; /* from its stdout */
};
int dialog_open(struct dialog *dialog, const char *const *argv);
void dialog_close(struct dialog *dialog);

/* Sends a line, given without its newline, and reads the answer, likewise. 0, -ETIMEDOUT, -EPIPE
 * when it ended, -EMSGSIZE. */
int dialog_ask(struct dialog *dialog, const char *line, int64_t timeout_ms, char *text,
	       size_t size);

#endif
