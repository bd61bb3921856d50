/* warm: PREPARE, for which languages a container is to have a process stand ready, and WARM, for
 * which it has one. */
#ifndef KILN_FRAME_WARM_H
#define KILN_FRAME_WARM_H

#include "base/buf.h"
#include "frame/frame.h"
#include "frame/hello.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Languages of an image that can be warm. */
#define WARM_MAX 3

struct warm_set {
	unsigned count;
	char names[WARM_MAX][LANGUAGE_NAME_BYTES];
};

/* Without effect when it is full, or has it. */
void warm_set_add(struct warm_set *set, const char *name);
bool warm_set_has(const struct warm_set *set, const char *name);
bool warm_set_equal(const struct warm_set *one, const struct warm_set *other);

/* Appends a whole frame of type FRAME_PREPARE or FRAME_WARM. */
void warm_set_encode(struct buf *b, enum frame_type type, const struct warm_set *set);
int warm_set_decode(struct warm_set *set, const uint8_t *payload, size_t length); /* or -EBADMSG */

#endif
