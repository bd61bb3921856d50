/* answer: a reply of the engine, as the client reads it. Pure functions but answer_print().
 *
 * Ownership: answer_fini() frees what answer_parse() filled. */
#ifndef KILN_CLIENT_ANSWER_H
#define KILN_CLIENT_ANSWER_H

#include "base/err.h"
#include "job/job.h"
#include "job/limits.h"
#include "job/verdict.h"

#include <stdbool.h>
#include <stddef.h>

struct answer {
	enum verdict verdict;
	char error[256];
	int exit_code; /* -1: none */
	int signal;    /* 0: none */
	struct bytes out;
	struct bytes err;
	struct bytes compile; /* what the compiler printed */
	bool out_truncated;
	bool err_truncated;
	char limit_name[32]; /* "" when none fired */
	uint64_t limit_allowed;
	uint64_t limit_measured;
	bool compile_cached; /* the compilation of an equal request before it served this one */
	char engine[64];     /* its name and version; "" when the reply does not say */
	char engine_version[32];
};

/* 0; -EPROTO when the bytes are not a reply of Kiln's (err names the key); -ENOMEM. */
int answer_parse(const char *data, size_t length, struct answer *ret_answer, struct err *err);
void answer_fini(struct answer *answer); /* accepts a zeroed one */

/* The exit status of `kiln run`: see client.h. */
int answer_exit_status(const struct answer *answer);

/* One line, without a newline, that says what the exit status does not; "" when there is nothing
 * to say. */
void answer_explain(const struct answer *answer, char *text, size_t size);

/* The compiler's and the program's output to stderr and stdout, byte by byte, and then the
 * explanation. 0 or a negative errno of the write; a reader that went away is no error. */
int answer_print(const struct answer *answer, int out_fd, int err_fd);

#endif
