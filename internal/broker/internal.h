/* internal: what the files of broker/ share. See broker.h. */
#ifndef KILN_BROKER_INTERNAL_H
#define KILN_BROKER_INTERNAL_H

#include "base/sync.h"
#include "broker/broker.h"

#include <nats/nats.h>
#include <stdatomic.h>
#include <stdbool.h>

struct profile;

/* What a subscription's callback works with. */
struct intake {
	struct broker *broker;
	const struct profile *profile;
};

enum {
	SUBSCRIPTION_COMPILER,
	SUBSCRIPTION_PROBLEMS,
	SUBSCRIPTION_LANGUAGES,
	SUBSCRIPTIONS,
};

struct broker {
	const struct config *config;
	struct languages *languages;
	struct queue *queue;
	const struct policy *policy; /* NULL: off */
	natsConnection *connection;
	natsSubscription *subscriptions[SUBSCRIPTIONS];
	struct intake intakes[SUBSCRIPTIONS];

	atomic_bool holds_replies; /* some were published while no server was there */

	struct mutex lock;
	bool closing GUARDED_BY(lock);
	char failure[160] GUARDED_BY(lock);
};

/* connect.c: options from the configuration, connection, and what is logged of its life. */
int broker_connect(struct broker *broker, struct err *err);

/* intake.c: the callbacks. */
void intake_on_request(natsConnection *connection, natsSubscription *subscription, natsMsg *message,
		       void *closure);
void intake_on_languages(natsConnection *connection, natsSubscription *subscription,
			 natsMsg *message, void *closure);

/* The largest message that the server takes. */
size_t broker_reply_bytes_max(struct broker *broker);

/* Publishes, or waits for room until a deadline. */
void broker_publish(struct broker *broker, const char *subject, const char *data, size_t length);

#endif
