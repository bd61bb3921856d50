#include "log/log.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/sync.h"
#include "log/record.h"
#include "log/repeats.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IDENTITY_BYTES 128

/* Set before there are threads, and constant from then on. */
static struct {
	enum log_level level;
	enum record_style style;
	char engine[IDENTITY_BYTES];
	char environment[IDENTITY_BYTES];
} settings = {.level = LOG_INFO};

/* One lock for the table and the descriptor: poll and write are one step, else another thread
 * could take the room that poll saw. */
static struct mutex lock = {.handle = PTHREAD_MUTEX_INITIALIZER};
static struct repeats recent GUARDED_BY(lock);
static uint64_t dropped GUARDED_BY(lock);

static enum record_style choose_style(enum log_format format)
{
	bool is_terminal = isatty(STDERR_FILENO) == 1;
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */

	if (format == LOG_JSON || (format == LOG_AUTO && !is_terminal))
		return RECORD_JSON;
	if (is_terminal && (no_color == NULL || no_color[0] == '\0'))
		return RECORD_COLORED;
	return RECORD_PRETTY;
}

void log_open(enum log_level level, enum log_format format)
{
	settings.level = level;
	settings.style = choose_style(format);
}

void log_identify(const char *engine, const char *environment)
{
	(void)snprintf(settings.engine, sizeof(settings.engine), "%s",
		       engine == NULL ? "" : engine);
	(void)snprintf(settings.environment, sizeof(settings.environment), "%s",
		       environment == NULL ? "" : environment);
}

/* Whether stderr takes a record before the deadline. Not io_wait(): writing into a pipe that has
 * lost its reader, which poll(2) reports as an error, would raise SIGPIPE. */
static bool is_writable(int64_t deadline_ns)
{
	struct pollfd entry = {.fd = STDERR_FILENO, .events = POLLOUT};
	int ready;

	do {
		ready = poll(&entry, 1, clock_poll_ms(deadline_ns));
	} while (ready < 0 && errno == EINTR);
	return ready > 0 && (entry.revents & (POLLERR | POLLHUP | POLLNVAL)) == 0;
}

static bool emit_locked(enum log_level level, const char *message, const struct log_field *fields,
			size_t count, int64_t deadline_ns) REQUIRES(lock)
{
	struct record record;
	struct record_head head = {
		.level = level,
		.message = message,
		.engine = settings.engine,
		.environment = settings.environment,
	};

	if (!is_writable(deadline_ns))
		return false;
	(void)clock_gettime(CLOCK_REALTIME, &head.time);
	record_format(&record, settings.style, &head, fields, count);
	return io_write_all(STDERR_FILENO, record.data, record.length, deadline_ns) == 0;
}

/* A stderr that has just dropped a record is not waited for again: were it, a service whose log
 * nobody reads would run at the pace of these time-outs. */
static void write_locked(enum log_level level, const char *message, const struct log_field *fields,
			 size_t count) REQUIRES(lock)
{
	int64_t deadline_ns = clock_after_ms(dropped == 0 ? LOG_STALL_MS : 0);

	if (dropped > 0) {
		struct log_field lost = log_number("dropped", (int64_t)dropped);

		if (emit_locked(LOG_WARN, "log records dropped", &lost, 1, deadline_ns))
			dropped = 0;
	}
	if (dropped > 0 || !emit_locked(level, message, fields, count, deadline_ns))
		dropped++;
}

static void report_repeats_locked(int64_t now_ns) REQUIRES(lock)
{
	struct repeat repeat;

	while (repeats_take(&recent, now_ns, &repeat)) {
		char message[REPEATS_MESSAGE_BYTES + 32];
		struct log_field held = log_number("repeats", repeat.held);

		(void)snprintf(message, sizeof(message), "%u more of: %s", repeat.held,
			       repeat.message);
		write_locked(repeat.level, message, &held, 1);
	}
}

void log_write(enum log_level level, const char *message, const struct log_field *fields,
	       size_t count)
{
	int64_t now_ns;

	if (level < settings.level)
		return;
	mutex_lock(&lock);
	now_ns = clock_now_ns();
	report_repeats_locked(now_ns);
	if (repeats_admit(&recent, level, message, now_ns))
		write_locked(level, message, fields, count);
	mutex_unlock(&lock);
}

void log_flush(void)
{
	mutex_lock(&lock);
	report_repeats_locked(CLOCK_FOREVER);
	mutex_unlock(&lock);
}
