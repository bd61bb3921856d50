/* samples: measured durations, and what is told of them.
 *
 * Threads: one owner at a time. Ownership: samples_fini() frees. */
#ifndef KILN_CLIENT_SAMPLES_H
#define KILN_CLIENT_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#define SAMPLES_MAX 10000000u

struct samples {
	int64_t *ns;
	size_t count;
	size_t capacity;
};

/* 0, -ENOSPC beyond SAMPLES_MAX, -ENOMEM. */
int samples_add(struct samples *samples, int64_t ns);
int samples_merge(struct samples *samples, const struct samples *more);
void samples_fini(struct samples *samples);

struct summary {
	size_t count;
	double p50_ms;
	double p95_ms;
	double p99_ms;
	double max_ms;
};

/* Percentiles by the nearest rank: a value that was measured, never one between two. Sorts the
 * samples. All zero when there are none. */
struct summary samples_summarize(struct samples *samples);

#endif
