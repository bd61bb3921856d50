/* fields: typed values of a request's JSON, and the words for what is wrong with them.
 *
 * A `path` names the field in errors: "code", "files[3].name". Functions that can fail return 0,
 * or a negative errno after they have put the reason in the refusal; outputs are then untouched. */
#ifndef KILN_WIRE_FIELDS_H
#define KILN_WIRE_FIELDS_H

#include "job/job.h"
#include "job/result.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a request, made fit for an error text: printable ASCII, the rest as \xNN, and not more
 * than the first few dozen. */
struct quoted {
	char text[96];
};
struct quoted field_quote(const char *data, size_t length);

/* The value of a name in an object, or NULL when it is absent or null. */
json_t *field_find(json_t *object, const char *name);

/* -EINVAL and a rejection with the text. */
int field_reject(struct result *refusal, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* -ENOMEM and an internal error. */
int field_no_memory(struct result *refusal);

int field_expect(json_t *value, json_type type, const char *path, struct result *refusal);

/* The bytes of a string value. `max`: of these bytes; beyond it -EMSGSIZE, without a reason. */
int field_bytes(json_t *value, enum encoding encoding, size_t max, const char *path,
		struct result *refusal, struct bytes *ret_bytes);

/* A string value without NUL, to be freed. */
int field_text(json_t *value, const char *path, struct result *refusal, char **ret_text);

/* A whole number above zero. */
int field_positive(json_t *value, const char *path, struct result *refusal, uint64_t *ret_number);

#endif
