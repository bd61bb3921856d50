/* attempt: one request of a measurement, and how it came out. */
#ifndef KILN_CLIENT_ATTEMPT_H
#define KILN_CLIENT_ATTEMPT_H

#include "base/err.h"
#include "client/answer.h"
#include "client/session.h"
#include "job/verdict.h"

#include <stddef.h>
#include <stdint.h>

/* A verdict, or that there is none. */
enum attempt_outcome {
	ATTEMPT_OK = VERDICT_OK,
	ATTEMPT_NO_REPLY = VERDICT_COUNT,
	ATTEMPT_NO_ENGINE,
	ATTEMPT_LOST, /* the connection, or anything else of NATS */
	ATTEMPT_UNREADABLE,
	ATTEMPT_WRONG, /* ok, but not what the target expects */
	ATTEMPT_OUTCOMES, /* how many there are */
};

struct attempt_target {
	const char *subject;
	const char *request;
	size_t request_length;
	int64_t timeout_ms;
	const char *expected; /* on stdout; NULL: anything */
};

/* "ok", "busy", "no_reply", …. */
const char *attempt_outcome_text(enum attempt_outcome outcome);

/* Sends the request and waits for its reply. *ret_ns is the time between the two; the reply is
 * looked at afterwards. When the outcome is not ok, err says why. */
enum attempt_outcome attempt_make(const struct attempt_target *target, struct session *session,
				  int64_t *ret_ns, struct err *err);

/* The same, and hands over the answer for answer_fini(); zeroed when there is none. */
enum attempt_outcome attempt_ask(const struct attempt_target *target, struct session *session,
				 int64_t *ret_ns, struct answer *ret_answer, struct err *err);

#endif
