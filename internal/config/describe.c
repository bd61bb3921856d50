#include "config/describe.h"

#include "base/cleanup.h"
#include "config/config.h"
#include "config/rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_BYTES_MAX 80
#define URLS_BYTES_MAX 4096
#define HIDDEN "***"

struct unit {
	const char *suffix;
	uint64_t factor;
};

static const struct unit *units_of(const struct option *option)
{
	static const struct unit bytes[] = {{"T", 1ULL << 40}, {"G", 1ULL << 30},
					    {"M", 1ULL << 20}, {"K", 1ULL << 10}, {"", 1}};
	static const struct unit times[] = {{"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
	static const struct unit plain[] = {{"", 1}};

	if (option->kind == OPTION_BYTES)
		return bytes;
	return option->kind == OPTION_MS ? times : plain;
}

void describe_number(struct buf *b, const struct option *option, uint64_t number)
{
	const struct unit *unit = units_of(option);

	while (unit->factor > 1 && (number == 0 || number % unit->factor != 0))
		unit++;
	(void)buf_append_format(b, "%" PRIu64 "%s", number / unit->factor, unit->suffix);
}

static void append_range(struct buf *b, const struct option *option, const char *what)
{
	(void)buf_append_format(b, "%s from ", what);
	describe_number(b, option, option->min);
	(void)buf_append_text(b, " to ");
	describe_number(b, option, option->max);
}

static void append_choices(struct buf *b, const struct option *option)
{
	for (const struct choice *choice = option->choices; choice->name != NULL; choice++)
		(void)buf_append_format(b, "%s%s", choice == option->choices ? "" : ", ",
					choice->name);
}

void describe_allowed(struct buf *b, const struct option *option)
{
	switch (option->kind) {
	case OPTION_COUNT:
		append_range(b, option, "a whole number");
		break;
	case OPTION_BYTES:
		append_range(b, option, "bytes");
		(void)buf_append_text(b, " (K, M, G, T: powers of 1024)");
		break;
	case OPTION_MS:
		append_range(b, option, "milliseconds");
		(void)buf_append_text(b, " (or with ms, s, m, h)");
		break;
	case OPTION_CORES:
		(void)buf_append_format(b, "a number of cores from %g to %g",
					(double)option->min / 1000, (double)option->max / 1000);
		break;
	case OPTION_CHOICE:
		append_choices(b, option);
		break;
	default:
		(void)buf_append_format(b, "%s, at most %" PRIu64 " bytes", rule_text(option->kind),
					option->max);
		break;
	}
}

void describe_text(struct buf *b, const char *text)
{
	size_t length = strnlen(text, SHOWN_BYTES_MAX);

	for (size_t i = 0; i < length; i++)
		(void)buf_append(b, text[i] >= ' ' && text[i] <= '~' ? &text[i] : "?", 1);
	if (text[length] != '\0')
		(void)buf_append_text(b, "...");
}

/* Where in a list of hosts something stands in a port's place that is none: "user:password" whose
 * host was forgotten. NULL when there is nothing of the kind. */
static const char *misplaced(const char *hosts)
{
	for (const char *next = hosts; (next = strchr(next, ':')) != NULL;) {
		size_t digits;

		next++;
		if (strncmp(next, "//", 2) == 0)
			continue;
		digits = strspn(next, "0123456789");
		if (digits == 0 || digits > 5 || strchr(",/", next[digits]) == NULL)
			return next;
	}
	return NULL;
}

/* Everything from the first scheme to the last '@' is taken for passwords: a password may hold any
 * byte, so that a wrong URL cannot be taken apart for sure. */
static void append_masked(struct buf *b, const char *text)
{
	const char *scheme = strstr(text, "://");
	const char *at = strrchr(text, '@');
	const char *wrong;

	if (at != NULL) {
		if (scheme != NULL && scheme < at)
			(void)buf_append_format(b, "%.*s", (int)(scheme + 3 - text), text);
		(void)buf_append_text(b, HIDDEN "@");
		text = at + 1;
	}
	wrong = misplaced(text);
	if (wrong != NULL) {
		(void)buf_append_format(b, "%.*s", (int)(wrong - text), text);
		(void)buf_append_text(b, HIDDEN);
	} else {
		(void)buf_append_text(b, text);
	}
}

void config_mask_urls(const char *urls, char *text, size_t size)
{
	struct buf masked = {.max = URLS_BYTES_MAX};
	auto_free char *shown = NULL;

	append_masked(&masked, urls);
	shown = buf_take_text(&masked);
	(void)snprintf(text, size, "%s", shown == NULL ? HIDDEN : shown);
}

void describe_value(struct buf *b, const struct option *option, const char *text)
{
	char masked[SHOWN_BYTES_MAX + 2]; /* one byte more than is shown tells that it is cut */

	if (option->secret) {
		(void)buf_append_text(b, "the value (a secret, not shown)");
		return;
	}
	if (option->kind == OPTION_URLS) {
		config_mask_urls(text, masked, sizeof(masked));
		text = masked;
	}
	(void)buf_append_text(b, "\"");
	describe_text(b, text);
	(void)buf_append_text(b, "\"");
}
