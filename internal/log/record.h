/* record: one log record as a line of text, in a buffer of fixed size. Pure functions.
 *
 * Whatever the texts hold, the line has one newline, at its end, valid UTF-8, and no byte that a
 * terminal obeys: a hostile program cannot forge a record or move a cursor through the log. */
#ifndef KILN_LOG_RECORD_H
#define KILN_LOG_RECORD_H

#include "log/log.h"

#include <limits.h>
#include <stddef.h>
#include <time.h>

/* A line of at most PIPE_BUF bytes goes into a pipe in one piece, and where poll(2) calls a pipe
 * writable it goes in without waiting (pipe(7)). */
#define RECORD_BYTES_MAX ((size_t)PIPE_BUF)

/* Of one text, as it is written: escapes count in full. */
#define RECORD_TEXT_BYTES_MAX ((size_t)1024)

enum record_style {
	RECORD_JSON,
	RECORD_PRETTY,
	RECORD_COLORED, /* pretty, with the level in color */
};

struct record_head {
	struct timespec time; /* CLOCK_REALTIME */
	enum log_level level;
	const char *message;
	const char *engine;      /* JSON only; "": left out */
	const char *environment; /* JSON only; "": left out */
};

struct record {
	char data[RECORD_BYTES_MAX];
	size_t length;  /* with the newline at the end */
	bool truncated; /* a field was left out */
};

void record_format(struct record *record, enum record_style style, const struct record_head *head,
		   const struct log_field *fields, size_t count);

#endif
