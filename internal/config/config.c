#include "config/config.h"

#include "config/check.h"
#include "config/defaults.h"
#include "config/describe.h"
#include "config/variables.h"
#include "config/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void complain(const struct option *option, const char *text, unsigned line,
		     struct buf *problems)
{
	(void)buf_append_text(problems, option->name);
	if (line > 0)
		(void)buf_append_format(problems, " (.env:%u)", line);
	(void)buf_append_text(problems, ": ");
	describe_value(problems, option, text);
	(void)buf_append_text(problems, " is not allowed: ");
	describe_allowed(problems, option);
	(void)buf_append_text(problems, "\n");
}

/* An option whose value is not allowed keeps its default, so that the others can still be
 * checked. */
static int read_option(struct config *config, const struct option *option,
		       const struct variables *variables, bool *ret_wrong, struct buf *problems)
{
	unsigned line;
	const char *text = variables_get(variables, option->name, &line);
	int result = 0;

	if (option->fallback != NULL)
		result = value_parse(option, option->fallback, config);
	if (result == 0 && text != NULL)
		result = value_parse(option, text, config);
	if (result == -EINVAL) {
		complain(option, text, line, problems);
		*ret_wrong = true;
		result = 0;
	}
	return result;
}

static int fill(struct config *config, const struct variables *variables, struct buf *problems)
{
	struct wrong_options wrong = {0};
	int result;

	for (size_t i = 0; i < option_count; i++) {
		result = read_option(config, &option_table[i], variables, &wrong.at[i],
				     problems);
		if (result < 0)
			return result;
	}
	config->problems.stdout_only = true;
	result = defaults_fill_in(config);
	if (result < 0)
		return result;
	check_consistency(config, &wrong, problems);
	variables_report_unknown(variables, problems);
	return 0;
}

struct config *config_load(struct buf *problems)
{
	struct config *config = calloc(1, sizeof(*config));
	size_t before = problems->length;
	struct variables variables = {0};
	int result = -ENOMEM;

	if (config != NULL)
		result = variables_init(&variables, problems);
	if (result == 0)
		result = fill(config, &variables, problems);
	variables_fini(&variables);
	if (result < 0)
		(void)buf_append_text(problems, "out of memory\n");
	if (result == 0 && problems->length == before && !buf_failed(problems))
		return config;
	config_free(config);
	return NULL;
}

void config_free(struct config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; i < option_count; i++) {
		const struct option *option = &option_table[i];
		char *text = option_is_text(option) ? value_text(option, config) : NULL;

		if (text != NULL && option->secret)
			explicit_bzero(text, strlen(text));
		free(text);
	}
	free(config);
}
