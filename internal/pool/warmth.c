/* Which containers are warm, and for what.
 *
 * An agent can have a process stand ready for a language (agent/standby.h). It costs memory, and
 * CPU time after each job, so it has to be asked for: the pool asks every container for those
 * languages that were run within KILN_WARM_MS, or since whose discovery no more time has passed.
 * The agent tells when the process stands, with a WARM frame, in between jobs; the pool then
 * prefers this container for this language. */
#include "pool/internal.h"

#include "base/buf.h"
#include "base/clock.h"
#include "channel/channel.h"
#include "frame/hello.h"
#include "frame/warm.h"
#include "log/log.h"

#include <errno.h>
#include <string.h>

/* A PREPARE is a few bytes, which a socket takes at once. */
#define SEND_PATIENCE_MS 1000

static struct demand *find_demand_locked(struct pool *pool, const char *language)
	REQUIRES(pool->lock)
{
	for (unsigned i = 0; i < pool->demands_count; i++) {
		if (strcmp(pool->demands[i].language, language) == 0)
			return &pool->demands[i];
	}
	return NULL;
}

void pool_discover(struct pool *pool, const struct hello *hello)
{
	mutex_lock(&pool->lock);
	for (unsigned i = 0; i < hello->languages_count; i++) {
		const struct language *language = &hello->languages[i];

		if (!language->warm || pool->demands_count == WARM_MAX ||
		    find_demand_locked(pool, language->name) != NULL)
			continue;
		pool->demands[pool->demands_count] = (struct demand){.used_ns = clock_now_ns()};
		memcpy(pool->demands[pool->demands_count].language, language->name,
		       sizeof(language->name));
		pool->demands_count++;
	}
	mutex_unlock(&pool->lock);
}

void pool_note_demand_locked(struct pool *pool, const char *language)
{
	struct demand *demand = find_demand_locked(pool, language);

	if (demand != NULL)
		demand->used_ns = clock_now_ns();
}

static void list_wanted(struct pool *pool, struct warm_set *ret_set)
{
	int64_t since_ns = clock_now_ns() - (int64_t)pool->config->warm_ms * NS_PER_MS;

	*ret_set = (struct warm_set){0};
	mutex_lock(&pool->lock);
	for (unsigned i = 0; i < pool->demands_count; i++) {
		if (pool->config->warm_ms > 0 && pool->demands[i].used_ns >= since_ns)
			warm_set_add(ret_set, pool->demands[i].language);
	}
	mutex_unlock(&pool->lock);
}

int pool_prepare(struct pool *pool, struct container *container)
{
	auto_buf struct buf message;
	struct warm_set wanted;

	list_wanted(pool, &wanted);
	if (warm_set_equal(&wanted, &container->prepared))
		return 0;
	buf_init(&message, BUF_UNBOUNDED);
	warm_set_encode(&message, FRAME_PREPARE, &wanted);
	if (buf_failed(&message))
		return -ENOMEM;
	container->prepared = wanted;
	return channel_send(container->channel, message.data, message.length,
			    clock_after_ms(SEND_PATIENCE_MS), NULL);
}

int container_hear(struct container *container)
{
	for (;;) {
		struct frame frame;
		int result;

		if (++container->heard > HEARD_MAX)
			return -EBADMSG;
		result = channel_receive(container->channel, 0, &frame, NULL);
		if (result == -ETIMEDOUT)
			return 0;
		if (result < 0)
			return result;
		if (frame.type != FRAME_WARM ||
		    warm_set_decode(&container->warm, frame.payload, frame.length) < 0)
			return -EBADMSG;
	}
}
