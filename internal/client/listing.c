#include "client/listing.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS 5
#define ALIASES_BYTES 256

/* One line of the table; the cells are borrowed but for the last two. */
struct row {
	const char *cells[COLUMNS];
	char number[24];
	char aliases[ALIASES_BYTES];
};

static const struct row titles = {.cells = {"NAME", "VERSION", "KIND", "JUDGE0", "ALIASES"}};

static json_t *load(const char *reply, size_t length, struct err *err)
{
	json_t *root = json_loadb(reply, length, 0, NULL);

	if (json_is_array(json_object_get(root, "languages")))
		return root;
	json_decref(root);
	(void)err_set(err, -EPROTO,
		      "the reply on '" LISTING_SUBJECT "' is not a list of languages");
	return NULL;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "-";
}

static void join_aliases(const json_t *language, char *text, size_t size)
{
	const json_t *aliases = json_object_get(language, "aliases");
	size_t used = 0;

	(void)snprintf(text, size, "-");
	for (size_t i = 0; i < json_array_size(aliases) && used < size; i++) {
		const char *alias = json_string_value(json_array_get(aliases, i));
		int written = snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ",
				       alias != NULL ? alias : "-");

		used += written > 0 ? (size_t)written : 0;
	}
}

static void fill_row(const json_t *language, struct row *row)
{
	const json_t *number = json_object_get(language, "judge0_id");

	if (json_is_integer(number))
		(void)snprintf(row->number, sizeof(row->number), "%lld",
			       (long long)json_integer_value(number));
	else
		(void)snprintf(row->number, sizeof(row->number), "-");
	join_aliases(language, row->aliases, sizeof(row->aliases));
	row->cells[0] = text_of(language, "name");
	row->cells[1] = text_of(language, "version");
	row->cells[2] =
		json_is_true(json_object_get(language, "compiled")) ? "compiled" : "interpreted";
	row->cells[3] = row->number;
	row->cells[4] = row->aliases;
}

static void measure_row(const struct row *row, int widths[COLUMNS])
{
	for (int column = 0; column < COLUMNS; column++) {
		int width = (int)strnlen(row->cells[column], ALIASES_BYTES);

		if (width > widths[column])
			widths[column] = width;
	}
}

static void format_row(const struct row *row, const int widths[COLUMNS], struct buf *table)
{
	for (int column = 0; column < COLUMNS - 1; column++)
		(void)buf_append_format(table, "%-*s  ", widths[column], row->cells[column]);
	(void)buf_append_format(table, "%s\n", row->cells[COLUMNS - 1]);
}

int listing_format(const char *reply, size_t length, struct buf *table, struct err *err)
{
	json_t *root = load(reply, length, err);
	const json_t *list = json_object_get(root, "languages");
	int widths[COLUMNS] = {0};
	struct row row;

	if (root == NULL)
		return -EPROTO;
	measure_row(&titles, widths);
	for (size_t i = 0; i < json_array_size(list); i++) {
		fill_row(json_array_get(list, i), &row);
		measure_row(&row, widths);
	}
	format_row(&titles, widths, table);
	for (size_t i = 0; i < json_array_size(list); i++) {
		fill_row(json_array_get(list, i), &row);
		format_row(&row, widths, table);
	}
	json_decref(root);
	return buf_failed(table) ? err_set(err, -ENOMEM, "out of memory") : 0;
}

int listing_summary(const char *reply, size_t length, char *text, size_t size, struct err *err)
{
	json_t *root = load(reply, length, err);
	const json_t *engine = json_object_get(root, "engine");
	size_t count = json_array_size(json_object_get(root, "languages"));

	if (root == NULL)
		return -EPROTO;
	(void)snprintf(text, size, "%.64s %.32s (%zu language%s)", text_of(engine, "name"),
		       text_of(engine, "version"), count, count == 1 ? "" : "s");
	json_decref(root);
	return 0;
}
