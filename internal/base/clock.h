/* clock: monotonic time and deadlines, in nanoseconds.
 *
 * A deadline is a point on CLOCK_MONOTONIC, so that a stepped wall clock moves
 * none. CLOCK_FOREVER waits without end. */
#ifndef KILN_BASE_CLOCK_H
#define KILN_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CLOCK_FOREVER INT64_MAX
#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

int64_t clock_now_ns(void);

/* now + ms milliseconds, without overflow. */
int64_t clock_after_ms(int64_t ms);

/* Milliseconds until the deadline, rounded up, for poll(): 0 when it has passed, -1 for
 * CLOCK_FOREVER. */
int clock_poll_ms(int64_t deadline_ns);

struct timespec clock_timespec(int64_t ns);

static inline double clock_ms(int64_t ns)
{
	return (double)ns / (double)NS_PER_MS;
}

#endif
