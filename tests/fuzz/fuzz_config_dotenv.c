/* A .env file of any bytes: nothing is read beyond its end, entries are well-formed, and each line
 * is an entry, a problem, or neither, but never both. */
#include "config/dotenv.h"

#include <stdlib.h>
#include <string.h>

#define PROBLEMS_MAX ((size_t)16 * 1024 * 1024)

static void check(bool holds)
{
	if (!holds)
		abort();
}

static size_t count_lines(const uint8_t *data, size_t length)
{
	size_t lines = 0;

	for (size_t i = 0; i < length; i++)
		lines += data[i] == '\n';
	return lines;
}

static void check_name(const char *name)
{
	check(name[0] != '\0' && (name[0] < '0' || name[0] > '9'));
	check(strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
	      strlen(name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct buf problems = {.max = PROBLEMS_MAX};
	struct dotenv dotenv = {0};
	unsigned before = 0;

	if (length > DOTENV_BYTES_MAX)
		return 0;
	check(dotenv_parse(&dotenv, (const char *)data, length, &problems) == 0);
	check(!buf_failed(&problems));
	check(dotenv.count + count_lines(problems.data, problems.length) <=
	      count_lines(data, length) + 1);
	for (size_t i = 0; i < dotenv.count; i++) {
		const struct dotenv_entry *entry = &dotenv.entries[i];

		check_name(entry->name);
		check(strlen(entry->value) <= length);
		check(entry->line > before);
		check(dotenv_find(&dotenv, entry->name)->line >= entry->line);
		before = entry->line;
	}
	dotenv_fini(&dotenv);
	buf_fini(&problems);
	return 0;
}
