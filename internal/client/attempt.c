#include "client/attempt.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "client/answer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const char *attempt_outcome_text(enum attempt_outcome outcome)
{
	switch (outcome) {
	case ATTEMPT_NO_REPLY:
		return "no_reply";
	case ATTEMPT_NO_ENGINE:
		return "no_engine";
	case ATTEMPT_LOST:
		return "connection_lost";
	case ATTEMPT_UNREADABLE:
		return "unreadable";
	default:
		return verdict_text((enum verdict)outcome);
	}
}

static enum attempt_outcome judge_failure(int result)
{
	switch (result) {
	case -ETIMEDOUT:
		return ATTEMPT_NO_REPLY;
	case -ENOENT:
		return ATTEMPT_NO_ENGINE;
	default:
		return ATTEMPT_LOST;
	}
}

static void explain(const struct answer *answer, struct err *err)
{
	char text[200];

	answer_explain(answer, text, sizeof(text));
	if (text[0] == '\0')
		(void)snprintf(text, sizeof(text), "exit status %d", answer->exit_code);
	(void)err_set(err, -EIO, "the program does not come out well: %s", text);
}

enum attempt_outcome attempt_make(const struct attempt_target *target, struct session *session,
				  int64_t *ret_ns, struct err *err)
{
	auto_free char *reply = NULL;
	struct answer answer = {0};
	enum attempt_outcome outcome;
	size_t length;
	int64_t start = clock_now_ns();
	int result =
		session_request(session, target->subject, target->request, target->request_length,
				target->timeout_ms, &reply, &length, err);

	*ret_ns = clock_now_ns() - start;
	if (result < 0)
		return judge_failure(result);
	if (answer_parse(reply, length, &answer, err) < 0)
		return ATTEMPT_UNREADABLE;
	outcome = (enum attempt_outcome)answer.verdict;
	if (outcome != ATTEMPT_OK)
		explain(&answer, err);
	answer_fini(&answer);
	return outcome;
}
