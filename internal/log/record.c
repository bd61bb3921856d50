#include "log/record.h"

#include "log/escape.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define ELLIPSIS "\xe2\x80\xa6"

/* What may close a record; room for the longer of the two is kept free. */
#define JSON_TRUNCATED ",\"truncated\":true"
#define PRETTY_TRUNCATED " truncated=true"
#define TAIL_BYTES sizeof(JSON_TRUNCATED "}\n")

/* Below this a text would be all ellipsis. */
#define TEXT_BYTES_MIN 32

struct level_look {
	const char *name;
	const char *column; /* in a pretty record */
	const char *color;
};

static const struct level_look looks[] = {
	[LOG_DEBUG] = {"debug", "DEBUG", "\033[2m"},
	[LOG_INFO] = {"info", "INFO ", "\033[32m"},
	[LOG_WARN] = {"warn", "WARN ", "\033[33m"},
	[LOG_ERROR] = {"error", "ERROR", "\033[31m"},
};

static size_t room(const struct record *r)
{
	return RECORD_BYTES_MAX - TAIL_BYTES - r->length;
}

static bool put_bytes(struct record *r, const char *bytes, size_t length)
{
	if (length > room(r))
		return false;
	memcpy(r->data + r->length, bytes, length);
	r->length += length;
	return true;
}

static bool put(struct record *r, const char *text)
{
	return put_bytes(r, text, strlen(text));
}

/* Cuts the text where the record or RECORD_TEXT_BYTES_MAX ends; false when not even its beginning
 * has room. */
static bool put_escaped(struct record *r, const char *text)
{
	size_t limit = room(r) < RECORD_TEXT_BYTES_MAX ? room(r) : RECORD_TEXT_BYTES_MAX;
	size_t used = 0;

	if (limit < TEXT_BYTES_MIN)
		return false;
	limit -= strlen(ELLIPSIS) + strlen("\"");
	while (*text != '\0') {
		char piece[ESCAPE_BYTES_MAX];
		size_t length = escape_next(&text, piece);

		if (used + length > limit)
			return put(r, ELLIPSIS);
		(void)put_bytes(r, piece, length);
		used += length;
	}
	return true;
}

static bool put_quoted(struct record *r, const char *text)
{
	return put(r, "\"") && put_escaped(r, text) && put(r, "\"");
}

static bool is_bare_word(const char *text)
{
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text <= ' ' || *text > '~' || strchr("\"\\=", *text) != NULL)
			return false;
	}
	return true;
}

static bool put_text(struct record *r, enum record_style style, const char *text)
{
	if (text == NULL)
		return put(r, "null");
	if (style != RECORD_JSON && is_bare_word(text))
		return put_escaped(r, text);
	return put_quoted(r, text);
}

static bool put_value(struct record *r, enum record_style style, const struct log_field *field)
{
	char number[40];

	switch (field->kind) {
	case LOG_KIND_TEXT:
		return put_text(r, style, field->value.text);
	case LOG_KIND_BOOLEAN:
		return put(r, field->value.number != 0 ? "true" : "false");
	case LOG_KIND_NUMBER:
		(void)snprintf(number, sizeof(number), "%" PRId64, field->value.number);
		return put(r, number);
	case LOG_KIND_REAL:
		if (!isfinite(field->value.real))
			return put(r, "null");
		(void)snprintf(number, sizeof(number), "%.15g", field->value.real);
		return put(r, number);
	}
	return false;
}

static bool put_name(struct record *r, enum record_style style, const char *name)
{
	if (style == RECORD_JSON)
		return put(r, ",") && put_quoted(r, name) && put(r, ":");
	return put(r, " ") && put_escaped(r, name) && put(r, "=");
}

/* All of a field or nothing: a record stays well-formed. */
static void put_field(struct record *r, enum record_style style, const struct log_field *field)
{
	size_t begin = r->length;

	if (!put_name(r, style, field->name) || !put_value(r, style, field)) {
		r->length = begin;
		r->truncated = true;
	}
}

static void put_json_head(struct record *r, const struct record_head *head)
{
	char dt[64];
	struct tm utc;
	size_t length;

	(void)gmtime_r(&head->time.tv_sec, &utc);
	length = strftime(dt, sizeof(dt), "{\"dt\":\"%Y-%m-%dT%H:%M:%S", &utc);
	(void)snprintf(dt + length, sizeof(dt) - length, ".%03ldZ\"", head->time.tv_nsec / 1000000);
	(void)put(r, dt);
	(void)put(r, ",\"level\":\"");
	(void)put(r, looks[head->level].name);
	(void)put(r, "\",\"message\":");
	(void)put_quoted(r, head->message);
}

static void put_pretty_head(struct record *r, const struct record_head *head, bool colored)
{
	char time[32];
	struct tm utc;
	size_t length;

	(void)gmtime_r(&head->time.tv_sec, &utc);
	length = strftime(time, sizeof(time), "%H:%M:%S", &utc);
	(void)snprintf(time + length, sizeof(time) - length, ".%03ldZ ",
		       head->time.tv_nsec / 1000000);
	(void)put(r, time);
	(void)put(r, colored ? looks[head->level].color : "");
	(void)put(r, looks[head->level].column);
	(void)put(r, colored ? "\033[0m " : " ");
	(void)put_escaped(r, head->message);
}

static void put_tail(struct record *r, const char *tail)
{
	size_t length = strlen(tail);

	memcpy(r->data + r->length, tail, length);
	r->length += length;
}

static void put_identity(struct record *r, const struct record_head *head)
{
	struct log_field engine = log_text("engine", head->engine);
	struct log_field environment = log_text("environment", head->environment);

	if (head->engine[0] != '\0')
		put_field(r, RECORD_JSON, &engine);
	if (head->environment[0] != '\0')
		put_field(r, RECORD_JSON, &environment);
}

void record_format(struct record *record, enum record_style style, const struct record_head *head,
		   const struct log_field *fields, size_t count)
{
	record->length = 0;
	record->truncated = false;
	if (style == RECORD_JSON) {
		put_json_head(record, head);
		put_identity(record, head);
	} else {
		put_pretty_head(record, head, style == RECORD_COLORED);
	}
	for (size_t i = 0; i < count; i++)
		put_field(record, style, &fields[i]);
	if (record->truncated)
		put_tail(record, style == RECORD_JSON ? JSON_TRUNCATED : PRETTY_TRUNCATED);
	put_tail(record, style == RECORD_JSON ? "}\n" : "\n");
}
