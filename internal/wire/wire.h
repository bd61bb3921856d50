/* wire: NATS messages <-> jobs and results. JSON by jansson, base64 by libb64.
 *
 * Pure functions; the bytes of a request are hostile.
 * Threads: any function, any thread. */
#ifndef KILN_WIRE_WIRE_H
#define KILN_WIRE_WIRE_H

#include "frame/hello.h"
#include "job/job.h"
#include "job/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes and validates a request. 0 and a new job; or a negative errno, and then `refusal` (made
 * ready by result_init) is the result to reply with, and *ret_id is the request's id if it could
 * be read, else NULL (to be freed by the caller in either case; untouched on success).
 *   -EINVAL the request is wrong   -EMSGSIZE it, or its code, is too large   -ENOMEM
 * The job's deadline and return address are not set here, nor is the language looked up. A
 * request without an id gets one.
 *
 * Names of fields are matched as Go's encoding/json does: exactly, or else without regard to
 * case. A field that is null counts as absent. The refusal's error is one line of text. */
int wire_decode_request(const struct profile *profile, const char *data, size_t length,
			size_t request_bytes_max, struct job **ret_job, struct result *refusal,
			char **ret_id);

/* Whose reply it is. */
struct reply_context {
	const char *id;       /* NULL: null */
	const char *language; /* NULL: null */
	const struct profile *profile;
	const char *engine_name;
};

/* Any reply without output fits in this. */
#define WIRE_REPLY_BYTES_MIN ((size_t)4096)

/* The reply as JSON with a NUL behind it; *ret_length is without the NUL. To be freed. Where it
 * would be longer than `bytes_max` (at least WIRE_REPLY_BYTES_MIN), output is cut, on the
 * character, and the stream that lost bytes is marked as truncated; compiler output that was cut
 * marks stderr. NULL: out of memory. */
char *wire_format_reply(const struct result *result, const struct reply_context *context,
			size_t bytes_max, size_t *ret_length);

/* The answer to kiln.languages: {"engine":{"name","version"},"languages":[{"name","version","file",
 * "aliases":[…],"judge0_id":N|null,"compiled":bool}]}. To be freed. NULL: out of memory. */
char *wire_format_languages(const struct hello *hello, const char *engine_name);

/* base64 of RFC 4648: alphabet with + and /, padding required, CR and LF allowed anywhere. As in
 * Go's base64.StdEncoding, the bits that padding leaves over may have any value.
 * Decode: 0 and bytes to be freed; -EINVAL with the offset of the first offending byte;
 * -EMSGSIZE when it would decode to more than `max`; -ENOMEM.
 * An offset equal to `length` means that the text ends too early. */
int base64_decode(const char *text, size_t length, size_t max, struct bytes *ret_bytes,
		  size_t *ret_offset);
/* One line, without a break, with a NUL at its end. NULL: out of memory. */
char *base64_encode(const void *data, size_t length);

/* Whether the bytes are valid UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool utf8_is_valid(const uint8_t *data, size_t length);
/* The largest length, at most `length`, that does not cut a character in two. */
size_t utf8_floor(const uint8_t *data, size_t length);

#endif
