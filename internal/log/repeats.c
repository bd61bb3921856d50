#include "log/repeats.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

static bool is_over(const struct repeat *repeat, int64_t now_ns)
{
	return now_ns - repeat->since_ns >= NS_PER_S;
}

static bool is_same(const struct repeat *repeat, enum log_level level, const char *message)
{
	return repeat->seen > 0 && repeat->level == level &&
	       strncmp(repeat->message, message, sizeof(repeat->message) - 1) == 0;
}

/* The slot of this message, or else one that nothing is lost with: free, or over with nothing held
 * back. NULL when there is neither. */
static struct repeat *find_slot(struct repeats *repeats, enum log_level level, const char *message,
				int64_t now_ns)
{
	struct repeat *vacant = NULL;

	for (size_t i = 0; i < REPEATS_SLOTS; i++) {
		struct repeat *repeat = &repeats->slots[i];

		if (is_same(repeat, level, message))
			return repeat;
		if (repeat->seen == 0 || (repeat->held == 0 && is_over(repeat, now_ns)))
			vacant = repeat;
	}
	if (vacant != NULL)
		vacant->seen = 0;
	return vacant;
}

static unsigned allowed(enum log_level level)
{
	return level >= LOG_WARN ? LOG_FAULTS_PER_SECOND : LOG_EVENTS_PER_SECOND;
}

bool repeats_admit(struct repeats *repeats, enum log_level level, const char *message,
		   int64_t now_ns)
{
	struct repeat *repeat;

	if (level == LOG_DEBUG)
		return true;
	repeat = find_slot(repeats, level, message, now_ns);
	if (repeat == NULL)
		return true;
	if (repeat->seen == 0 || (repeat->held == 0 && is_over(repeat, now_ns))) {
		*repeat = (struct repeat){.level = level, .since_ns = now_ns};
		(void)snprintf(repeat->message, sizeof(repeat->message), "%s", message);
	}
	if (repeat->seen < allowed(level)) {
		repeat->seen++;
		return true;
	}
	repeat->held++;
	return false;
}

bool repeats_take(struct repeats *repeats, int64_t now_ns, struct repeat *ret_repeat)
{
	for (size_t i = 0; i < REPEATS_SLOTS; i++) {
		struct repeat *repeat = &repeats->slots[i];

		if (repeat->held > 0 && is_over(repeat, now_ns)) {
			*ret_repeat = *repeat;
			*repeat = (struct repeat){0};
			return true;
		}
	}
	return false;
}
