/* log: levelled, structured records.
 *
 *	log_info("job done", log_text("job_id", job->id), log_number("exit_code", 0));
 *
 * One JSON object a line on stderr ({"dt":"2026-01-02T03:04:05.678Z","level":"info",
 * "message":"job done","job_id":…}), or a readable line when stderr is a terminal. A record has
 * at most 4096 bytes: a long text is cut and ends in "…", a field that finds no room is left out
 * and the record says "truncated".
 * Program code, program output, tokens and passwords are never passed to it.
 *
 * A message that repeats without end is held back: of one message and level at most
 * LOG_FAULTS_PER_SECOND (warn, error) or LOG_EVENTS_PER_SECOND (info) records are written in a
 * second, the others are counted and reported as "N more of: message" with the first record after
 * that second, or by log_flush(). Debug records are never held back.
 *
 * Threads: any function, any thread, after log_open() and log_identify(). A record is written with
 * one write(2), so that records never mix. A stderr that is full or closed drops records, which
 * are counted and reported when it takes records again; it delays nobody for longer than
 * LOG_STALL_MS. */
#ifndef KILN_LOG_LOG_H
#define KILN_LOG_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_FAULTS_PER_SECOND 20
#define LOG_EVENTS_PER_SECOND 1000
#define LOG_STALL_MS 100

enum log_level {
	LOG_DEBUG,
	LOG_INFO,
	LOG_WARN,
	LOG_ERROR,
};

enum log_format {
	LOG_AUTO, /* pretty on a terminal, else JSON */
	LOG_JSON,
	LOG_PRETTY,
};

enum log_kind {
	LOG_KIND_TEXT,
	LOG_KIND_NUMBER,
	LOG_KIND_REAL,
	LOG_KIND_BOOLEAN,
};

struct log_field {
	const char *name;
	enum log_kind kind;
	union {
		const char *text; /* NULL is written as null; bytes that are not UTF-8 as U+FFFD */
		int64_t number;
		double real; /* infinite or not a number: null */
	} value;
};

static inline struct log_field log_text(const char *name, const char *text)
{
	return (struct log_field){.name = name, .kind = LOG_KIND_TEXT, .value.text = text};
}

static inline struct log_field log_number(const char *name, int64_t number)
{
	return (struct log_field){.name = name, .kind = LOG_KIND_NUMBER, .value.number = number};
}

static inline struct log_field log_real(const char *name, double real)
{
	return (struct log_field){.name = name, .kind = LOG_KIND_REAL, .value.real = real};
}

static inline struct log_field log_flag(const char *name, bool flag)
{
	return (struct log_field){.name = name, .kind = LOG_KIND_BOOLEAN, .value.number = flag};
}

/* Before the program starts threads. Without it: LOG_INFO and LOG_AUTO's JSON. */
void log_open(enum log_level level, enum log_format format);

/* Puts "engine" and "environment" into every JSON record; NULL leaves one out. Copies them, at
 * most 127 bytes of each. Before the program starts threads. */
void log_identify(const char *engine, const char *environment);

void log_write(enum log_level level, const char *message, const struct log_field *fields,
	       size_t count);

/* Reports what has been held back so far. For a program that ends. */
void log_flush(void);

/* The leading {0} lets a call have no fields: C has no empty arrays. */
#define LOG_AT(level, message, ...)                                                       \
	log_write((level), (message), (const struct log_field[]){{0}, ##__VA_ARGS__} + 1, \
		  sizeof((const struct log_field[]){{0}, ##__VA_ARGS__}) /                \
				  sizeof(struct log_field) -                              \
			  1)
#define log_debug(message, ...) LOG_AT(LOG_DEBUG, message, ##__VA_ARGS__)
#define log_info(message, ...) LOG_AT(LOG_INFO, message, ##__VA_ARGS__)
#define log_warn(message, ...) LOG_AT(LOG_WARN, message, ##__VA_ARGS__)
#define log_error(message, ...) LOG_AT(LOG_ERROR, message, ##__VA_ARGS__)

#endif
