/* head: the status line and header fields of an HTTP answer, for the one call whose connection is
 * taken over (attach), where libcurl does not read them.
 *
 * Internal to docker/. Pure functions, fuzzed. */
#ifndef KILN_DOCKER_HEAD_H
#define KILN_DOCKER_HEAD_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define DOCKER_HEAD_MAX 4096

struct docker_head {
	int status;
	bool is_encoded;       /* a Transfer-Encoding: what follows is not the bare stream */
	size_t content_length; /* 0 when it is not told */
};

/* The length of the head that text begins with, blank line included; 0 when it is not complete. */
size_t docker_head_length(const char *text, size_t length);

/* Text is a whole head. -EPROTO for anything else than HTTP/1. */
int docker_head_parse(const char *text, size_t length, struct docker_head *ret_head,
		      struct err *err);

#endif
