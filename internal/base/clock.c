#include "base/clock.h"

#include <limits.h>

int64_t clock_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_after_ms(int64_t ms)
{
	int64_t now = clock_now_ns();

	if (ms >= (CLOCK_FOREVER - now) / NS_PER_MS)
		return CLOCK_FOREVER;
	return now + ms * NS_PER_MS;
}

int clock_poll_ms(int64_t deadline_ns)
{
	int64_t left;

	if (deadline_ns == CLOCK_FOREVER)
		return -1;
	left = deadline_ns - clock_now_ns();
	if (left <= 0)
		return 0;
	left = (left - 1) / NS_PER_MS + 1;
	return left > INT_MAX ? INT_MAX : (int)left;
}

struct timespec clock_timespec(int64_t ns)
{
	return (struct timespec){.tv_sec = (time_t)(ns / NS_PER_S),
				 .tv_nsec = (long)(ns % NS_PER_S)};
}
