/* suite_row: one line of `kiln bench --suite`: what was measured, and what is promised.
 *
 * Pure data and functions. Texts that a row borrows outlive it. */
#ifndef KILN_CLIENT_SUITE_ROW_H
#define KILN_CLIENT_SUITE_ROW_H

#include "client/samples.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum suite_unit {
	SUITE_TIMES, /* a ratio: "0.25 x" */
	SUITE_MS,
	SUITE_US,
	SUITE_PERCENT,
};

struct suite_target {
	enum suite_unit unit;
	bool at_least; /* else at most */
	double value;
};

struct suite_row {
	const char *key;    /* "python_hello", in JSON and for --only */
	const char *title;  /* "Python hello" */
	const char *beside; /* what was measured beside it; NULL: nothing */
	struct suite_target target;
	double measured;     /* in the unit of the target */
	struct summary kiln; /* from publish to reply; count 0: not a row of latencies */
	struct summary local;
	double kiln_rate;    /* jobs a second; 0: not a row of throughput */
	double local_rate;
	uint64_t failed;  /* requests or commands that went wrong or printed something else */
	char absent[200]; /* why there is no figure; "" when there is one */
	char note[200];   /* more about it; "" */
};

enum suite_mark {
	SUITE_MET,
	SUITE_MISSED,
	SUITE_ABSENT,
};

/* Sets why there is no figure. */
void suite_row_leave_out(struct suite_row *row, const char *reason);

/* Copies what fits of a text from outside, on one line and in ASCII: all else becomes a '?'. */
void suite_copy_text(const char *from, char *text, size_t size);

/* A failed request or command is a miss, whatever was measured. */
enum suite_mark suite_row_mark(const struct suite_row *row);
const char *suite_mark_text(enum suite_mark mark); /* "met", "missed", "not measured" */

/* "0.25 x", "3.00 ms", "150 us", "0.50 %". */
void suite_format_value(double value, enum suite_unit unit, char *text, size_t size);
/* "at most 0.25 x". */
void suite_format_target(const struct suite_target *target, char *text, size_t size);

/* a / b; 0 when b is 0. */
double suite_ratio(double a, double b);

#define SUITE_ROWS_MAX 24

/* A whole run. */
struct suite_report {
	char engine[64];
	char engine_version[32];
	unsigned cores;
	uint64_t samples;
	uint64_t samples_slow; /* of rows that compile a new source each time */
	double load_before;    /* of the machine, over the minute before */
	bool interrupted;
	struct suite_row rows[SUITE_ROWS_MAX];
	size_t rows_count;
};

/* A new row at the end; the caller adds no more than SUITE_ROWS_MAX. */
struct suite_row *suite_report_add(struct suite_report *report, const char *key, const char *title,
				   struct suite_target target);
size_t suite_report_count(const struct suite_report *report, enum suite_mark mark);

#endif
