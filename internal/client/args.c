#include "client/args.h"

#include "client/client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_BYTES_MAX 32
#define OPTIONS_MAX 32
#define SECONDS_MAX 86400.0

int args_refuse(const char *command, const char *fmt, ...)
{
	const char *space = command != NULL ? " " : "";
	va_list args;

	if (command == NULL)
		command = "";
	(void)fprintf(stderr, "kiln%s%s: ", space, command);
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fprintf(stderr, "\nSee: kiln%s%s --help\n", space, command);
	return CLIENT_USAGE;
}

static const char *closest_option(const struct option *options, const char *word, size_t length)
{
	const char *names[OPTIONS_MAX + 1] = {NULL};
	char name[WORD_BYTES_MAX + 1];

	if (length > WORD_BYTES_MAX)
		return NULL;
	(void)snprintf(name, sizeof(name), "%.*s", (int)length, word);
	for (size_t i = 0; i < OPTIONS_MAX && options[i].name != NULL; i++)
		names[i] = options[i].name;
	return args_closest(name, names);
}

int args_refuse_option(const char *command, const struct option *options, char **argv, int found)
{
	const char *word = argv[optind - 1];
	bool is_long = strncmp(word, "--", 2) == 0;
	size_t length = strcspn(word, "=");
	const char *close;

	if (found == ':')
		return args_refuse(command, "%.*s needs a value", (int)length, word);
	/* A short option leaves itself in optopt; a known long one leaves its value there. */
	if (optopt != 0 && !is_long)
		return args_refuse(command, "unknown option '-%c'", optopt);
	if (optopt != 0)
		return args_refuse(command, "%.*s takes no value", (int)length, word);
	close = closest_option(options, word + 2, length - 2);
	if (close != NULL)
		return args_refuse(command, "unknown option '%.*s'; did you mean '--%s'?",
				   (int)length, word, close);
	return args_refuse(command, "unknown option '%.*s'", (int)length, word);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits of one letter, and swaps of two neighbours, that make b of a ("optimal string alignment").
 * Row i holds the distances from the first i letters of a to each beginning of b. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t rows[WORD_BYTES_MAX + 1][WORD_BYTES_MAX + 1];
	size_t a_length = strlen(a), b_length = strlen(b);

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		rows[i][0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t change = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
			size_t best = least(change, least(rows[i - 1][j], rows[i][j - 1]) + 1);

			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = least(best, rows[i - 2][j - 2] + 1);
			rows[i][j] = best;
		}
	}
	return rows[a_length][b_length];
}

const char *args_closest(const char *word, const char *const *words)
{
	const char *best = NULL;
	size_t best_distance = SIZE_MAX;

	if (strlen(word) > WORD_BYTES_MAX)
		return NULL;
	for (; *words != NULL; words++) {
		size_t length = strlen(*words);
		size_t distance;

		if (length > WORD_BYTES_MAX)
			continue;
		distance = edit_distance(word, *words);
		if (distance <= (length + 2) / 3 && distance < best_distance) {
			best = *words;
			best_distance = distance;
		}
	}
	return best;
}

int args_parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *ret_number)
{
	unsigned long long number;
	char *end;

	/* strtoull() would take a sign and wrap it around. */
	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || number < min || number > max)
		return -EINVAL;
	*ret_number = number;
	return 0;
}

int args_parse_seconds(const char *text, int64_t *ret_ms)
{
	double seconds;
	char *end;

	/* strtod() would take "inf", "nan", hexadecimal and exponents. */
	if (text[0] == '\0' || strspn(text, "0123456789.") != strlen(text))
		return -EINVAL;
	seconds = strtod(text, &end);
	if (*end != '\0' || seconds < 0.001 || seconds > SECONDS_MAX)
		return -EINVAL;
	*ret_ms = (int64_t)(seconds * 1000 + 0.5);
	return 0;
}
