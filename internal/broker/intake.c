/* What happens to a message on nats.c's thread: decoded, admitted, pushed; or answered at once. */
#include "broker/internal.h"

#include "base/clock.h"
#include "config/config.h"
#include "job/job.h"
#include "job/result.h"
#include "languages/languages.h"
#include "log/log.h"
#include "policy/policy.h"
#include "queue/queue.h"
#include "wire/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where the result of a message goes; NULL when nobody wants it. */
static const char *return_address(const struct broker *broker, natsMsg *message)
{
	const char *reply = natsMsg_GetReply(message);

	return reply != NULL && reply[0] != '\0' ? reply : broker->config->result_subject;
}

static void publish_refusal(const struct intake *intake, const char *address, const char *id,
			    const char *language, const struct result *refusal)
{
	const struct reply_context context = {
		.id = id,
		.language = language,
		.profile = intake->profile,
		.engine_name = intake->broker->config->engine_name,
	};
	size_t length;
	char *reply = wire_format_reply(refusal, &context, broker_reply_bytes_max(intake->broker),
					&length);

	log_info("request refused", log_text("job_id", id), log_text("language", language),
		 log_text("verdict", verdict_text(refusal->verdict)),
		 log_text("error", refusal->error));
	if (reply == NULL) {
		log_error("out of memory for a reply", log_text("job_id", id));
		return;
	}
	broker_publish(intake->broker, address, reply, length);
	free(reply);
}

static void refuse_push(const struct broker *broker, int why, struct result *refusal)
{
	if (why == -ESHUTDOWN)
		result_refuse(refusal, VERDICT_BUSY, "the engine is shutting down");
	else
		result_refuse(refusal, VERDICT_BUSY, "job queue full, max capacity: %zu",
			      queue_capacity(broker->queue));
}

/* 0 when the policy lets the job pass, -EPERM when it is refused. A request that comes before the
 * first container has told what names and aliases it knows cannot be judged. */
static int apply_policy(const struct broker *broker, const struct job *job, bool language_is_known,
			struct result *refusal)
{
	bool enforced = broker->config->policy == POLICY_ENFORCE;
	struct policy_finding finding;
	int result;

	if (enforced && !language_is_known) {
		result_refuse(refusal, VERDICT_BUSY,
			      "the engine is starting: no language is known yet");
		return -EPERM;
	}
	result = policy_check(broker->policy, job, &finding);
	if (result < 0 || finding.outcome == POLICY_PASS)
		return result;
	log_info("a program is against the policy", log_text("job_id", job->id),
		 log_text("language", job->language), log_text("rule", finding.rule),
		 log_flag("undecided", finding.outcome == POLICY_UNDECIDED),
		 log_flag("refused", enforced));
	if (!enforced)
		return 0;
	policy_refuse(&finding, refusal);
	return -EPERM;
}

static int admit(const struct broker *broker, struct job *job, struct result *refusal)
{
	int result = languages_admit(broker->languages, job, refusal);

	if (result < 0 && result != -EAGAIN)
		return result;
	return broker->policy == NULL ? 0 : apply_policy(broker, job, result == 0, refusal);
}

/* Takes the job. 0, or a negative errno and the refusal; then *job is still there. */
static int enqueue(const struct intake *intake, const char *address, struct job **job,
		   struct result *refusal)
{
	struct broker *broker = intake->broker;
	int result = admit(broker, *job, refusal);

	if (result < 0)
		return result;
	(*job)->return_address = strdup(address);
	if ((*job)->return_address == NULL)
		return -ENOMEM;
	(*job)->deadline_ns =
		(*job)->received_ns + (int64_t)broker->config->queue_wait_ms * NS_PER_MS;
	result = queue_push(broker->queue, job);
	if (result < 0)
		refuse_push(broker, result, refusal);
	return result;
}

static void take_request(const struct intake *intake, const char *address, natsMsg *message)
{
	int64_t received_ns = clock_now_ns();
	struct job *job = NULL;
	char *id = NULL;
	struct result refusal;
	int result;

	result_init(&refusal, 0);
	result = wire_decode_request(intake->profile, natsMsg_GetData(message),
				     (size_t)natsMsg_GetDataLength(message),
				     intake->broker->config->request_bytes_max, &job, &refusal,
				     &id);
	if (result == 0) {
		job->received_ns = received_ns;
		result = enqueue(intake, address, &job, &refusal);
	}
	if (result == -ENOMEM)
		result_refuse(&refusal, VERDICT_BUSY, "out of memory");
	if (result < 0) {
		refusal.timing.total_us = (clock_now_ns() - received_ns) / NS_PER_US;
		publish_refusal(intake, address, job != NULL ? job->id : id,
				job != NULL ? job->language : NULL, &refusal);
	}
	job_free(job);
	free(id);
	result_fini(&refusal);
}

void intake_on_request(natsConnection *connection, natsSubscription *subscription, natsMsg *message,
		       void *closure)
{
	const struct intake *intake = closure;
	const char *address = return_address(intake->broker, message);

	(void)connection;
	(void)subscription;
	if (address == NULL)
		log_warn("request without a reply subject dropped: KILN_RESULT_SUBJECT is not set",
			 log_text("subject", natsMsg_GetSubject(message)));
	else
		take_request(intake, address, message);
	natsMsg_Destroy(message);
}

void intake_on_languages(natsConnection *connection, natsSubscription *subscription,
			 natsMsg *message, void *closure)
{
	const struct intake *intake = closure;
	const char *reply = natsMsg_GetReply(message);
	struct hello *hello = calloc(1, sizeof(*hello));
	char *text = NULL;

	(void)connection;
	(void)subscription;
	if (hello != NULL) {
		languages_copy(intake->broker->languages, hello);
		text = wire_format_languages(hello, intake->broker->config->engine_name);
	}
	if (text != NULL && reply != NULL)
		broker_publish(intake->broker, reply, text, strlen(text));
	free(text);
	free(hello);
	natsMsg_Destroy(message);
}
