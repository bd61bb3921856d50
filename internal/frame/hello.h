/* hello: what an agent says of itself and its image when it connects. */
#ifndef KILN_FRAME_HELLO_H
#define KILN_FRAME_HELLO_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LANGUAGES_MAX 64
#define LANGUAGE_NAME_BYTES 32
#define LANGUAGE_ALIASES_MAX 8
#define LANGUAGE_VERSION_BYTES 96
#define AGENT_VERSION_BYTES 32

struct language {
	char name[LANGUAGE_NAME_BYTES]; /* lower case */
	char version[LANGUAGE_VERSION_BYTES];
	char file[LANGUAGE_NAME_BYTES]; /* the name under which the agent stores the program */
	uint32_t judge0_id;             /* 0: none */
	bool compiled;
	bool warm; /* a process can stand ready for it: warm.h */
	unsigned aliases_count;
	char aliases[LANGUAGE_ALIASES_MAX][LANGUAGE_NAME_BYTES];
};

/* What stands around a job inside the container, beyond what every Linux has. Bits. */
enum wall {
	WALL_SECCOMP = 1 << 0,
	WALL_LANDLOCK = 1 << 1,
};

struct hello {
	uint32_t protocol;
	uint32_t walls; /* a mask of enum wall */
	char version[AGENT_VERSION_BYTES];
	unsigned languages_count;
	struct language languages[LANGUAGES_MAX];
};

/* NULL when the image does not have it. */
const struct language *hello_find(const struct hello *hello, const char *name_or_alias);

/* Appends a whole HELLO frame. */
void hello_encode(struct buf *b, const struct hello *hello);

/* 0; -EBADMSG when the payload is not a HELLO of any protocol; -EPROTO when it is of another one
 * (then version and protocol are set). */
int hello_decode(struct hello *hello, const uint8_t *payload, size_t length);

#endif
