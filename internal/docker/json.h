/* json: between text and jansson's values, minding what jansson itself does not.
 *
 * Internal to docker/. Pure functions, fuzzed. */
#ifndef KILN_DOCKER_JSON_H
#define KILN_DOCKER_JSON_H

#include "base/err.h"

#include <jansson.h>
#include <stddef.h>

/* A JSON object or array, to be json_decref'd. -EPROTO when it is not JSON; -ENOMEM, where jansson
 * tells that from the former. */
int docker_json_parse(const char *text, size_t length, json_t **ret_value, struct err *err);

/* A text to be freed; NULL when memory is gone, or value is NULL because it was. */
char *docker_json_format(const json_t *value);

/* Control characters of a text become spaces, so that it stays on one line. */
void docker_json_clean(char *text);

/* For a json_t that is released at the end of its scope. */
static inline void docker_json_cleanup(json_t **value)
{
	json_decref(*value);
}
#define auto_json __attribute__((cleanup(docker_json_cleanup)))

#endif
