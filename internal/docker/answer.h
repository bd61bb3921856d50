/* answer: what the daemon's JSON says, taken apart and checked for type.
 *
 * Internal to docker/. Pure functions, fuzzed: a daemon is trusted with the host, and its answers
 * are read as if it were not.
 * Errors: -EPROTO something else than the API promises, -ENOMEM. Outputs are untouched on failure,
 * so is what they point at. */
#ifndef KILN_DOCKER_ANSWER_H
#define KILN_DOCKER_ANSWER_H

#include "docker/docker.h"

#include <jansson.h>

/* The API versions that Kiln was written for: the oldest has `Runtime`, `Mounts` and `PidsLimit`
 * as used here; beyond the newest a daemon may change what fields mean. */
#define DOCKER_API_OLDEST "1.40"
#define DOCKER_API_NEWEST "1.47"

/* 64 lower-case hexadecimal digits, as they may stand in a URL. */
bool docker_id_is_valid(const char *id);

/* The text of an error answer's "message" on one line; of one without it, "no message". */
void docker_answer_message(const char *text, size_t length, char *ret_message, size_t size);

/* Also chooses ret_version->used; -EPROTO when Kiln and the daemon have no version in common. */
int docker_answer_version(const json_t *answer, struct docker_version *ret_version,
			  struct err *err);
int docker_answer_info(const json_t *answer, struct docker_info *ret_info, struct err *err);
int docker_answer_image(const json_t *answer, char *ret_id, size_t size, struct err *err);
int docker_answer_created(const json_t *answer, char ret_id[DOCKER_ID_BYTES], struct err *err);
int docker_answer_state(const json_t *answer, struct docker_state *ret_state, struct err *err);
/* -EIO when the daemon could not wait. */
int docker_answer_exit_code(const json_t *answer, int *ret_exit_code, struct err *err);
int docker_answer_ids(const json_t *answer, char (**ret_ids)[DOCKER_ID_BYTES], size_t *ret_count,
		      struct err *err);

/* One object of the event stream. */
int docker_answer_event(const json_t *answer, struct docker_event *ret_event, struct err *err);

/* The time of an event on the daemon's wall clock; 0 when it has none. */
int64_t docker_answer_time_ns(const json_t *answer);

#endif
