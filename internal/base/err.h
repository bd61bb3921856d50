/* err: the error record.
 *
 * A function that can fail returns 0 (or a useful number) or a negative errno,
 * and describes the failure in a record that its caller owns. The record is of
 * fixed size: it can be filled when memory is gone, and between fork and exec.
 *
 * Threads: a record belongs to one thread at a time. */
#ifndef KILN_BASE_ERR_H
#define KILN_BASE_ERR_H

#include <stdarg.h>

struct err {
	int code;       /* negative errno; 0 when nothing is wrong */
	char text[252]; /* one line, without a newline at its end */
};

/* Fills *err, which may be NULL, and returns code. */
int err_set(struct err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "context: " before the text of *err, which may be NULL. Returns the code of *err. */
int err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
