/* broker: NATS. The only module of the service that knows where a request came from.
 *
 * It subscribes to the two request subjects and to kiln.languages in a queue group, so that any
 * number of engines share the work; decodes each message, and pushes the job or answers at once.
 * A server that is away is waited for, for ever; replies are held in the meantime.
 *
 * Threads:   broker_reply from any thread; the others from the one that opened it. Its callbacks
 *            run on nats.c's threads, and only decode, push and refuse. */
#ifndef KILN_BROKER_BROKER_H
#define KILN_BROKER_BROKER_H

#include "base/err.h"

#include <stdint.h>

struct broker;
struct config;
struct job;
struct languages;
struct policy;
struct queue;
struct result;

/* Everything is borrowed until broker_close; the policy is NULL when it is off. Succeeds also while
 * no server can be reached. */
struct broker *broker_open(const struct config *config, struct languages *languages,
			   const struct policy *policy, struct queue *queue, struct err *err);

/* Formats and publishes the result of a job. When the server is away and the buffer for replies is
 * full, waits for room; a reply that cannot be kept in the end is counted and logged. */
void broker_reply(struct broker *broker, const struct job *job, const struct result *result);

/* Takes no new requests. When it returns, no callback runs and none will: what was received has
 * been pushed or answered. At most until the deadline (clock.h). */
void broker_stop_intake(struct broker *broker, int64_t deadline_ns);

/* Sends what is left, at most until the deadline, and closes. Accepts NULL. */
void broker_close(struct broker *broker, int64_t deadline_ns);

/* NULL while the connection lives or can come back; else why it was closed for good. */
const char *broker_failure(struct broker *broker);

#endif
