#include "config/config.h"

#include "base/buf.h"
#include "config/describe.h"
#include "config/options.h"

#include <errno.h>
#include <string.h>

#define EXAMPLE_BYTES_MAX ((size_t)256 * 1024)

static const char introduction[] =
	"# What kilnd reads from the environment, or from a file called .env in its working\n"
	"# directory. The environment goes before the file; an empty value counts as not set.\n"
	"# Each variable stands here with its default. A value that is not allowed stops the\n"
	"# start, and so does a KILN_ variable that is not listed here.\n";

/* Each line of the text as a comment. */
static void append_comment(struct buf *b, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		(void)buf_append_text(b, "# ");
		(void)buf_append(b, text, length);
		(void)buf_append_text(b, "\n");
		text += length + (text[length] == '\n');
	}
}

static void append_option(struct buf *b, const struct option *option)
{
	(void)buf_append_text(b, "\n");
	append_comment(b, option->meaning);
	(void)buf_append_text(b, "# Allowed: ");
	describe_allowed(b, option);
	(void)buf_append_text(b, "\n");
	if (option->fallback == NULL)
		(void)buf_append_format(b, "# Default: %s\n",
					option->otherwise == NULL ? "not set" : option->otherwise);
	(void)buf_append_format(b, "# %s=%s\n", option->name,
				option->fallback == NULL ? "" : option->fallback);
}

static void append_section(struct buf *b, enum option_section section)
{
	(void)buf_append_format(b, "\n\n# ---- %s ----\n", option_section_title(section));
	for (size_t i = 0; i < option_count; i++) {
		if (option_table[i].section == section)
			append_option(b, &option_table[i]);
	}
}

int config_print_example(FILE *out)
{
	auto_buf struct buf b = {.max = EXAMPLE_BYTES_MAX};

	(void)buf_append_text(&b, introduction);
	for (unsigned section = 0; section < SECTION_COUNT; section++)
		append_section(&b, (enum option_section)section);
	if (buf_failed(&b))
		return -ENOMEM;
	if (fwrite(b.data, 1, b.length, out) != b.length || fflush(out) != 0)
		return -EIO;
	return 0;
}
