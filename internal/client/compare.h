/* compare: the same program over NATS and in the ways that Kiln replaces, side by side: in each
 * round each of them runs once. */
#ifndef KILN_CLIENT_COMPARE_H
#define KILN_CLIENT_COMPARE_H

#include "base/err.h"
#include "client/attempt.h"
#include "client/plain.h"
#include "client/samples.h"
#include "config/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A pause before each measurement, so that none pays for what the one before left to do. */
#define COMPARE_PAUSE_MS 10

enum way {
	WAY_NATS,
	WAY_EXEC,   /* docker exec of the plain command */
	WAY_INSIDE, /* the plain command in the same image, timed from inside */
	WAY_LOCAL,  /* the plain command on this host */
	WAY_COUNT,
};

struct way_report {
	struct samples samples;
	uint64_t failed;
	char absent[252]; /* why it was not measured; "" when it was */
};

struct compare_plan {
	const struct config *config;
	const struct attempt_target *target;
	const struct plain *plain; /* NULL: only NATS is measured */
	const char *file;          /* the program on this host */
	const char *scratch;       /* a folder where a compiler on this host may write */
	uint64_t rounds;
	uint64_t warmup; /* rounds that do not count */
	int64_t duration_ms;
};

/* The program that runs the plain command on this host: it may be a wrapper, which then is what is
 * measured. "" when there is none. */
void compare_local_path(const struct plain *plain, char *path, size_t size);

/* Fills one report for each way. 0, or a negative errno when NATS itself cannot be measured. */
int compare_run(const struct compare_plan *plan, struct way_report reports[WAY_COUNT],
		struct err *err);
void compare_fini(struct way_report reports[WAY_COUNT]);

#endif
