/* objects: splits an endless answer into the JSON objects that it is made of.
 *
 * The event stream is objects one after the other, with newlines between them or without.
 * Internal to docker/. Pure functions, fuzzed. Bytes are looked at once, however they are split. */
#ifndef KILN_DOCKER_OBJECTS_H
#define KILN_DOCKER_OBJECTS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* The most that waits to be taken: many times what libcurl hands over at once. */
#define DOCKER_OBJECTS_MAX ((size_t)4 * 1024 * 1024)

struct docker_objects {
	struct buf data;
	size_t start;   /* of the object that is being scanned */
	size_t scanned; /* bytes before this one were looked at */
	size_t depth;   /* open braces and brackets */
	bool in_string;
	bool escaped; /* the byte before was a backslash in a string */
};

void docker_objects_init(struct docker_objects *objects);
void docker_objects_fini(struct docker_objects *objects);
void docker_objects_reset(struct docker_objects *objects); /* forgets what it holds */

/* 0, -ENOSPC for an object beyond all bounds, -ENOMEM. */
int docker_objects_add(struct docker_objects *objects, const void *data, size_t length);

/* 1 and the next whole object, valid until the next call; 0 when more bytes are needed; -EPROTO
 * for anything but white space between objects. */
int docker_objects_next(struct docker_objects *objects, const char **ret_text, size_t *ret_length);

#endif
