/* suite_work: the programs that `kiln bench --suite` sends, and what each is compared with.
 *
 * A source has one place for a number, which the program prints: "hello NUMBER". So a reply can be
 * told from that to any other request, and a number that was never used before makes a source that
 * no cache has seen. Pure data and functions. */
#ifndef KILN_CLIENT_SUITE_WORK_H
#define KILN_CLIENT_SUITE_WORK_H

#include "client/suite_row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUITE_WORKS 8
#define SUITE_LOCAL_ARGS 6
#define SUITE_SOURCE_BYTES 1200
#define SUITE_EXPECTED_BYTES 32

struct suite_work {
	const char *key;
	const char *title;
	const char *language;
	const char *file;   /* its name in the container of comparison */
	const char *source; /* NUMBER stands for the number */
	bool changes;       /* a new number, so a new source, for each sample; it compiles */
	const char *beside; /* the command of comparison, as one reads it */
	/* In the container of comparison. */
	const char *prepare; /* for sh, once, untimed; NULL: nothing */
	const char *local[SUITE_LOCAL_ARGS + 1]; /* the command that is timed */
	const char *check; /* for sh, untimed: prints what the timed command did not; or NULL */
	struct suite_target target;
};

extern const struct suite_work suite_works[SUITE_WORKS];

/* The source with its number. The length, or 0 when it does not fit. */
size_t suite_work_source(const struct suite_work *work, uint64_t number, char *text, size_t size);

/* The same as a program of just `length` bytes: a comment fills it up. Python alone. */
size_t suite_work_padded(const struct suite_work *work, uint64_t number, size_t length, char *text,
			 size_t size);

/* What the program prints. */
void suite_work_expected(uint64_t number, char *text, size_t size);

#endif
