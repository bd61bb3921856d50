/* The value of each variable, of any bytes: the first byte of the input chooses the variable. What
 * is taken can be shown and taken again; what is shown is one printable line. */
#include "config/describe.h"
#include "config/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_shown(const struct option *option, const char *text)
{
	struct buf b = {.max = 1024};

	describe_value(&b, option, text);
	check(!buf_failed(&b) && b.length < 100);
	for (size_t i = 0; i < b.length; i++)
		check(b.data[i] >= ' ' && b.data[i] <= '~');
	buf_fini(&b);
}

/* A number in words is the same number. */
static void check_number(const struct option *option, const struct config *config)
{
	uint64_t number = value_number(option, config);
	struct config again = {0};
	struct buf b = {.max = 64};
	char *text;

	describe_number(&b, option, number);
	text = buf_take_text(&b);
	check(text != NULL && value_parse(option, text, &again) == 0);
	check(value_number(option, &again) == number);
	free(text);
}

static void check_taken(const struct option *option, const char *text, struct config *config)
{
	if (option_is_text(option)) {
		check(strcmp(value_text(option, config), text) == 0);
		check(strlen(text) <= option->max);
		free(value_text(option, config));
	} else if (option->kind != OPTION_CORES && option->kind != OPTION_CHOICE) {
		check(value_number(option, config) >= option->min);
		check(value_number(option, config) <= option->max);
		check_number(option, config);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	const struct option *option;
	struct config config = {0};
	char *text;
	int result;

	if (length == 0)
		return 0;
	option = &option_table[data[0] % option_count];
	text = strndup((const char *)data + 1, length - 1);
	result = value_parse(option, text, &config);
	check(result == 0 || result == -EINVAL);
	if (result == 0)
		check_taken(option, text, &config);
	check_shown(option, text);
	check(option_nearest(text) != NULL);
	free(text);
	return 0;
}
