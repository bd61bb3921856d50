#include "broker/broker.h"

#include "base/clock.h"
#include "broker/internal.h"
#include "config/config.h"
#include "job/job.h"
#include "job/result.h"
#include "log/log.h"
#include "wire/wire.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LANGUAGES_SUBJECT "kiln.languages"

/* As NATS servers have it by default; used until a server has said its own. */
#define DEFAULT_PAYLOAD_BYTES ((int64_t)1024 * 1024)
/* The subject and the protocol's own words are not counted in the payload; this is for headers. */
#define PAYLOAD_MARGIN_BYTES 1024

/* A full buffer empties as soon as the server is back: replies wait for that, and with them the
 * workers, so that the queue fills and new requests are refused. */
#define PUBLISH_PATIENCE_MS 60000
#define PUBLISH_RETRY_MS 20

/* How soon a drain notices that the server went away. */
#define DRAIN_LOOK_MS 200

size_t broker_reply_bytes_max(struct broker *broker)
{
	int64_t bytes = natsConnection_GetMaxPayload(broker->connection);

	if (bytes <= PAYLOAD_MARGIN_BYTES)
		bytes = DEFAULT_PAYLOAD_BYTES;
	return (size_t)bytes - PAYLOAD_MARGIN_BYTES;
}

static bool is_connected(const struct broker *broker)
{
	return natsConnection_Status(broker->connection) == NATS_CONN_STATUS_CONNECTED;
}

static bool gives_up(struct broker *broker, int64_t deadline_ns)
{
	bool closing;

	mutex_lock(&broker->lock);
	closing = broker->closing || broker->failure[0] != '\0';
	mutex_unlock(&broker->lock);
	return closing || clock_now_ns() >= deadline_ns;
}

void broker_publish(struct broker *broker, const char *subject, const char *data, size_t length)
{
	int64_t deadline_ns = clock_after_ms(PUBLISH_PATIENCE_MS);
	natsStatus status;

	for (;;) {
		status = natsConnection_Publish(broker->connection, subject, data, (int)length);
		if (status != NATS_INSUFFICIENT_BUFFER || gives_up(broker, deadline_ns))
			break;
		nats_Sleep(PUBLISH_RETRY_MS);
	}
	if (!is_connected(broker))
		atomic_store(&broker->holds_replies, true);
	if (status != NATS_OK)
		log_error("a reply was lost", log_text("error", natsStatus_GetText(status)),
			  log_number("bytes", (int64_t)length));
}

void broker_reply(struct broker *broker, const struct job *job, const struct result *result)
{
	const struct reply_context context = {
		.id = job->id,
		.language = job->language,
		.profile = job->profile,
		.engine_name = broker->config->engine_name,
	};
	size_t length;
	char *reply = wire_format_reply(result, &context, broker_reply_bytes_max(broker), &length);

	if (reply == NULL) {
		log_error("out of memory for a reply", log_text("job_id", job->id));
		return;
	}
	broker_publish(broker, job->return_address, reply, length);
	free(reply);
}

static natsStatus subscribe(struct broker *broker, int which, const char *subject,
			    const struct profile *profile, natsMsgHandler callback)
{
	struct intake *intake = &broker->intakes[which];
	natsStatus status;

	*intake = (struct intake){.broker = broker, .profile = profile};
	status = natsConnection_QueueSubscribe(&broker->subscriptions[which], broker->connection,
					       subject, broker->config->nats_queue_group, callback,
					       intake);
	/* At its own limits nats.c drops messages and answers nobody. The queue is our bound: what
	 * does not fit in it is answered as fast as it is read. */
	if (status == NATS_OK)
		status = natsSubscription_SetPendingLimits(broker->subscriptions[which], -1, -1);
	return status;
}

static int subscribe_all(struct broker *broker, struct err *err)
{
	const struct config *config = broker->config;
	natsStatus status = subscribe(broker, SUBSCRIPTION_COMPILER, config->compiler.subject,
				      &config->compiler, intake_on_request);

	if (status == NATS_OK)
		status = subscribe(broker, SUBSCRIPTION_PROBLEMS, config->problems.subject,
				   &config->problems, intake_on_request);
	if (status == NATS_OK)
		status = subscribe(broker, SUBSCRIPTION_LANGUAGES, LANGUAGES_SUBJECT, NULL,
				   intake_on_languages);
	if (status != NATS_OK)
		return err_set(err, -EIO, "NATS subscribe: %s", natsStatus_GetText(status));
	return 0;
}

struct broker *broker_open(const struct config *config, struct languages *languages,
			   const struct policy *policy, struct queue *queue, struct err *err)
{
	struct broker *broker = calloc(1, sizeof(*broker));

	if (broker == NULL) {
		(void)err_set(err, -ENOMEM, "memory for the broker");
		return NULL;
	}
	broker->config = config;
	broker->languages = languages;
	broker->policy = policy;
	broker->queue = queue;
	mutex_init(&broker->lock);
	if (broker_connect(broker, err) < 0 || subscribe_all(broker, err) < 0) {
		broker_close(broker, clock_after_ms(0));
		return NULL;
	}
	return broker;
}

static int64_t left_ms(int64_t deadline_ns)
{
	int left = clock_poll_ms(deadline_ns);

	return left > 0 ? left : 1;
}

/* A drain that was begun ends when the server has confirmed it: never, when there is none. */
static void await_drain(struct broker *broker, natsSubscription *subscription, int64_t deadline_ns)
{
	while (is_connected(broker) && clock_now_ns() < deadline_ns) {
		if (natsSubscription_WaitForDrainCompletion(subscription, DRAIN_LOOK_MS) !=
		    NATS_TIMEOUT)
			return;
	}
}

void broker_stop_intake(struct broker *broker, int64_t deadline_ns)
{
	bool draining[SUBSCRIPTIONS] = {false};

	for (int i = 0; i < SUBSCRIPTIONS; i++) {
		if (is_connected(broker))
			draining[i] = natsSubscription_Drain(broker->subscriptions[i]) == NATS_OK;
		if (!draining[i])
			(void)natsSubscription_Unsubscribe(broker->subscriptions[i]);
	}
	for (int i = 0; i < SUBSCRIPTIONS; i++) {
		if (draining[i])
			await_drain(broker, broker->subscriptions[i], deadline_ns);
	}
}

/* Replies that were given to nats.c while no server was there wait for one to come back. */
static void flush(struct broker *broker, int64_t deadline_ns)
{
	while (!is_connected(broker) && atomic_load(&broker->holds_replies) &&
	       clock_now_ns() < deadline_ns)
		nats_Sleep(PUBLISH_RETRY_MS);
	if (is_connected(broker))
		(void)natsConnection_FlushTimeout(broker->connection, left_ms(deadline_ns));
}

void broker_close(struct broker *broker, int64_t deadline_ns)
{
	if (broker == NULL)
		return;
	mutex_lock(&broker->lock);
	broker->closing = true;
	mutex_unlock(&broker->lock);
	if (broker->connection != NULL)
		flush(broker, deadline_ns);
	for (int i = 0; i < SUBSCRIPTIONS; i++)
		natsSubscription_Destroy(broker->subscriptions[i]);
	natsConnection_Destroy(broker->connection);
	/* Waits for the library's threads: no callback can touch the broker after it. */
	(void)nats_CloseAndWait(left_ms(clock_after_ms(2000)));
	mutex_fini(&broker->lock);
	free(broker);
}

const char *broker_failure(struct broker *broker)
{
	const char *failure = NULL;

	mutex_lock(&broker->lock);
	if (broker->failure[0] != '\0')
		failure = broker->failure; /* written once */
	mutex_unlock(&broker->lock);
	return failure;
}
