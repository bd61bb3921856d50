/* options: every variable that Kiln reads, in one table.
 *
 * Reading, the complaints, .env.example and its test all follow this table: to add a variable, add
 * a row and a member of struct config. */
#ifndef KILN_CONFIG_OPTIONS_H
#define KILN_CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_section {
	SECTION_ENGINE,
	SECTION_NATS,
	SECTION_COMPILER,
	SECTION_PROBLEMS,
	SECTION_DOCKER,
	SECTION_CONTAINER,
	SECTION_LOG,
	SECTION_COUNT,
};

enum option_kind {
	/* Texts: a char * that config_free() frees, NULL when there is none; max is its length. */
	OPTION_TEXT,    /* printable */
	OPTION_LABEL,   /* fit for a Docker label and a container's name */
	OPTION_SUBJECT, /* of NATS, without wildcards */
	OPTION_IMAGE,
	OPTION_PATH, /* absolute */
	OPTION_FILE, /* that can be read */
	OPTION_URLS, /* of NATS servers */
	OPTION_NKEY, /* the public key of a user */
	/* Numbers: a bool, an enum, or any unsigned integer. */
	OPTION_COUNT,
	OPTION_BYTES,
	OPTION_MS,
	OPTION_CHOICE,
	/* A double; min and max are thousandths. */
	OPTION_CORES,
};

struct choice {
	const char *name;
	unsigned value;
};

struct option {
	const char *name;
	enum option_section section;
	enum option_kind kind;
	size_t offset; /* of the member of struct config */
	size_t width;  /* of that member, in bytes */
	uint64_t min;
	uint64_t max;
	const struct choice *choices; /* ends with a NULL name */
	const char *fallback;         /* the default; NULL: none, or what `otherwise` says */
	const char *otherwise;        /* what holds when it is not set, in words */
	const char *meaning;
	bool secret; /* its value stands in no message */
};

#define OPTIONS_MAX 80

extern const struct option option_table[];
extern const size_t option_count; /* at most OPTIONS_MAX */

const char *option_section_title(enum option_section section);

/* NULL when there is no such variable. */
const struct option *option_find(const char *name);

/* The variable whose name is most like this one. */
const struct option *option_nearest(const char *name);

static inline bool option_is_text(const struct option *option)
{
	return option->kind <= OPTION_NKEY;
}

#endif
