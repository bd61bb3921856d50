#include "client/attempt.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT_SHOWN_MAX 80

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
	case ATTEMPT_WRONG:
		return "wrong_output";
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

static enum attempt_outcome judge(const struct answer *answer, const char *expected,
				  struct err *err)
{
	int length = answer->out.length < OUTPUT_SHOWN_MAX ? (int)answer->out.length
							   : OUTPUT_SHOWN_MAX;

	if (answer->verdict != VERDICT_OK) {
		explain(answer, err);
		return (enum attempt_outcome)answer->verdict;
	}
	if (expected == NULL || (answer->out.length == strlen(expected) &&
				 memcmp(answer->out.data, expected, answer->out.length) == 0))
		return ATTEMPT_OK;
	(void)err_set(err, -EIO, "the program prints something else: '%.*s'", length,
		      (const char *)answer->out.data);
	return ATTEMPT_WRONG;
}

enum attempt_outcome attempt_ask(const struct attempt_target *target, struct session *session,
				 int64_t *ret_ns, struct answer *ret_answer, struct err *err)
{
	auto_free char *reply = NULL;
	size_t length;
	int64_t start = clock_now_ns();
	int result =
		session_request(session, target->subject, target->request, target->request_length,
				target->timeout_ms, &reply, &length, err);

	*ret_ns = clock_now_ns() - start;
	*ret_answer = (struct answer){0};
	if (result < 0)
		return judge_failure(result);
	if (answer_parse(reply, length, ret_answer, err) < 0)
		return ATTEMPT_UNREADABLE;
	return judge(ret_answer, target->expected, err);
}

enum attempt_outcome attempt_make(const struct attempt_target *target, struct session *session,
				  int64_t *ret_ns, struct err *err)
{
	struct answer answer;
	enum attempt_outcome outcome = attempt_ask(target, session, ret_ns, &answer, err);

	answer_fini(&answer);
	return outcome;
}
