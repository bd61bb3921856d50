#include "client/samples.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 1024

static int grow(struct samples *samples, size_t wanted)
{
	size_t capacity = samples->capacity == 0 ? FIRST_CAPACITY : samples->capacity;
	int64_t *ns;

	if (wanted > SAMPLES_MAX)
		return -ENOSPC;
	while (capacity < wanted)
		capacity *= 2;
	if (capacity == samples->capacity)
		return 0;
	ns = realloc(samples->ns, capacity * sizeof(*ns));
	if (ns == NULL)
		return -ENOMEM;
	samples->ns = ns;
	samples->capacity = capacity;
	return 0;
}

int samples_add(struct samples *samples, int64_t ns)
{
	int result = grow(samples, samples->count + 1);

	if (result == 0)
		samples->ns[samples->count++] = ns;
	return result;
}

int samples_merge(struct samples *samples, const struct samples *more)
{
	int result = grow(samples, samples->count + more->count);

	if (result < 0 || more->count == 0)
		return result;
	memcpy(samples->ns + samples->count, more->ns, more->count * sizeof(*more->ns));
	samples->count += more->count;
	return 0;
}

void samples_fini(struct samples *samples)
{
	free(samples->ns);
	*samples = (struct samples){0};
}

static int compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static double percentile_ms(const struct samples *samples, size_t percent)
{
	size_t rank = (samples->count * percent + 99) / 100;

	return clock_ms(samples->ns[rank - 1]);
}

struct summary samples_summarize(struct samples *samples)
{
	if (samples->count == 0)
		return (struct summary){0};
	qsort(samples->ns, samples->count, sizeof(*samples->ns), compare);
	return (struct summary){
		.count = samples->count,
		.p50_ms = percentile_ms(samples, 50),
		.p95_ms = percentile_ms(samples, 95),
		.p99_ms = percentile_ms(samples, 99),
		.max_ms = percentile_ms(samples, 100),
	};
}
