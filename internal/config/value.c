#include "config/value.h"

#include "config/rules.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct unit {
	const char *suffix; /* lower case */
	uint64_t factor;
};

static const struct unit byte_units[] = {
	{"", 1},          {"b", 1},
	{"k", 1ULL << 10}, {"kb", 1ULL << 10}, {"ki", 1ULL << 10}, {"kib", 1ULL << 10},
	{"m", 1ULL << 20}, {"mb", 1ULL << 20}, {"mi", 1ULL << 20}, {"mib", 1ULL << 20},
	{"g", 1ULL << 30}, {"gb", 1ULL << 30}, {"gi", 1ULL << 30}, {"gib", 1ULL << 30},
	{"t", 1ULL << 40}, {"tb", 1ULL << 40}, {"ti", 1ULL << 40}, {"tib", 1ULL << 40},
	{NULL, 0},
};

static const struct unit time_units[] = {
	{"", 1}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {NULL, 0},
};

static const struct unit no_units[] = {{"", 1}, {NULL, 0}};

static const struct unit *units_of(const struct option *option)
{
	if (option->kind == OPTION_BYTES)
		return byte_units;
	return option->kind == OPTION_MS ? time_units : no_units;
}

/* Digits alone, at least one. Moves *text behind them. */
static int parse_digits(const char **text, uint64_t *ret_number)
{
	const char *next = *text;
	uint64_t number = 0;

	if (!isdigit((unsigned char)*next))
		return -EINVAL;
	for (; isdigit((unsigned char)*next); next++) {
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(*next - '0'), &number))
			return -EINVAL;
	}
	*text = next;
	*ret_number = number;
	return 0;
}

static int parse_number(const struct option *option, const char *text, uint64_t *ret_number)
{
	uint64_t number;

	if (parse_digits(&text, &number) < 0)
		return -EINVAL;
	if (*text == ' ')
		text++;
	for (const struct unit *unit = units_of(option); unit->suffix != NULL; unit++) {
		if (strcasecmp(text, unit->suffix) != 0)
			continue;
		if (__builtin_mul_overflow(number, unit->factor, &number))
			return -EINVAL;
		*ret_number = number;
		return number < option->min || number > option->max ? -EINVAL : 0;
	}
	return -EINVAL;
}

/* A decimal fraction, in thousandths. */
static int parse_cores(const struct option *option, const char *text, uint64_t *ret_thousandths)
{
	uint64_t whole, thousandths;

	if (parse_digits(&text, &whole) < 0 || __builtin_mul_overflow(whole, 1000, &thousandths))
		return -EINVAL;
	if (*text == '.') {
		uint64_t weight = 100;

		for (text++; isdigit((unsigned char)*text) && weight > 0; text++, weight /= 10)
			thousandths += weight * (uint64_t)(*text - '0');
	}
	if (*text != '\0' || thousandths < option->min || thousandths > option->max)
		return -EINVAL;
	*ret_thousandths = thousandths;
	return 0;
}

static int parse_choice(const struct option *option, const char *text, uint64_t *ret_number)
{
	for (const struct choice *choice = option->choices; choice->name != NULL; choice++) {
		if (strcasecmp(choice->name, text) == 0) {
			*ret_number = choice->value;
			return 0;
		}
	}
	return -EINVAL;
}

static void *member(const struct option *option, struct config *config)
{
	return (char *)config + option->offset;
}

static const void *const_member(const struct option *option, const struct config *config)
{
	return (const char *)config + option->offset;
}

char *value_text(const struct option *option, const struct config *config)
{
	char *text;

	memcpy(&text, const_member(option, config), sizeof(text));
	return text;
}

int value_set_text(const struct option *option, struct config *config, char **text)
{
	if (*text == NULL)
		return -ENOMEM;
	free(value_text(option, config));
	memcpy(member(option, config), text, sizeof(*text));
	*text = NULL;
	return 0;
}

uint64_t value_number(const struct option *option, const struct config *config)
{
	const void *source = const_member(option, config);
	uint32_t narrow;
	uint64_t wide;

	if (option->width == sizeof(wide)) {
		memcpy(&wide, source, sizeof(wide));
		return wide;
	}
	if (option->width == sizeof(narrow)) {
		memcpy(&narrow, source, sizeof(narrow));
		return narrow;
	}
	return *(const bool *)source;
}

void value_set_number(const struct option *option, struct config *config, uint64_t number)
{
	void *target = member(option, config);
	uint32_t narrow = (uint32_t)number;

	if (option->width == sizeof(number))
		memcpy(target, &number, sizeof(number));
	else if (option->width == sizeof(narrow))
		memcpy(target, &narrow, sizeof(narrow));
	else
		*(bool *)target = number != 0;
}

static int parse_text(const struct option *option, const char *text, struct config *config)
{
	char *copy;

	if (strlen(text) > option->max || !rule_allows(option->kind, text))
		return -EINVAL;
	copy = strdup(text);
	return value_set_text(option, config, &copy);
}

int value_parse(const struct option *option, const char *text, struct config *config)
{
	uint64_t number = 0;
	int result;

	if (option_is_text(option))
		return parse_text(option, text, config);
	if (option->kind == OPTION_CORES) {
		result = parse_cores(option, text, &number);
		if (result == 0)
			*(double *)member(option, config) = (double)number / 1000;
		return result;
	}
	if (option->kind == OPTION_CHOICE)
		result = parse_choice(option, text, &number);
	else
		result = parse_number(option, text, &number);
	if (result == 0)
		value_set_number(option, config, number);
	return result;
}
