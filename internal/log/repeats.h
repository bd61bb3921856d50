/* repeats: how often each message was written within a second, in a table of fixed size.
 *
 * Threads: none of its own. A zeroed table is an empty one. */
#ifndef KILN_LOG_REPEATS_H
#define KILN_LOG_REPEATS_H

#include "log/log.h"

#include <stdbool.h>
#include <stdint.h>

#define REPEATS_SLOTS 32
#define REPEATS_MESSAGE_BYTES 128 /* messages that begin alike for as long count as one */

struct repeat {
	enum log_level level;
	char message[REPEATS_MESSAGE_BYTES];
	int64_t since_ns;
	unsigned seen; /* 0: the slot is free */
	unsigned held;
};

struct repeats {
	struct repeat slots[REPEATS_SLOTS];
};

/* Whether this message may be written now; if not, it is counted. A message that finds no slot
 * may: a table full of other repeats is itself a bound. */
bool repeats_admit(struct repeats *repeats, enum log_level level, const char *message,
		   int64_t now_ns);

/* Takes out a message whose second is over and of which records were held back. False when there
 * is none. CLOCK_FOREVER as `now_ns` takes out those whose second is not over, too. */
bool repeats_take(struct repeats *repeats, int64_t now_ns, struct repeat *ret_repeat);

#endif
