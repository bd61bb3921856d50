#include "config/check.h"

#include "config/describe.h"
#include "config/value.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct check {
	const struct config *config;
	const struct wrong_options *wrong;
	struct buf *problems;
};

struct pair {
	const char *name;
	const char *other;
};

/* Both options of a pair; false when one had a value that is not allowed. */
static bool find_pair(const struct check *c, const struct pair *pair,
		      const struct option **ret_option, const struct option **ret_other)
{
	*ret_option = option_find(pair->name);
	*ret_other = option_find(pair->other);
	return !c->wrong->at[*ret_option - option_table] &&
	       !c->wrong->at[*ret_other - option_table];
}

static bool is_set(const struct check *c, const struct option *option)
{
	if (option_is_text(option))
		return value_text(option, c->config) != NULL;
	return value_number(option, c->config) != 0;
}

static void append_setting(const struct check *c, const struct option *option)
{
	(void)buf_append_format(c->problems, "%s, which is ", option->name);
	describe_number(c->problems, option, value_number(option, c->config));
}

static void check_at_most(const struct check *c)
{
	static const struct pair pairs[] = {
		{"KILN_COMPILER_MEMORY_BYTES", "KILN_MEMORY_BYTES"},
		{"KILN_PROBLEMS_MEMORY_BYTES", "KILN_MEMORY_BYTES"},
		{"KILN_COMPILER_PROCESSES", "KILN_PIDS"},
		{"KILN_PROBLEMS_PROCESSES", "KILN_PIDS"},
		{"KILN_COMPILER_FILE_BYTES", "KILN_WORKSPACE_BYTES"},
		{"KILN_PROBLEMS_FILE_BYTES", "KILN_WORKSPACE_BYTES"},
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		const struct option *option, *other;

		if (!find_pair(c, &pairs[i], &option, &other) ||
		    value_number(option, c->config) <= value_number(other, c->config))
			continue;
		(void)buf_append_format(c->problems, "%s: ", option->name);
		describe_number(c->problems, option, value_number(option, c->config));
		(void)buf_append_text(c->problems, " is more than ");
		append_setting(c, other);
		(void)buf_append_text(c->problems, "\n");
	}
}

static void check_needs(const struct check *c)
{
	static const struct pair pairs[] = {
		{"KILN_NATS_USER", "KILN_NATS_PASSWORD"},
		{"KILN_NATS_PASSWORD", "KILN_NATS_USER"},
		{"KILN_NATS_NKEY", "KILN_NATS_NKEY_SEED"},
		{"KILN_NATS_NKEY_SEED", "KILN_NATS_NKEY"},
		{"KILN_NATS_TLS_CERT", "KILN_NATS_TLS_KEY"},
		{"KILN_NATS_TLS_KEY", "KILN_NATS_TLS_CERT"},
		{"KILN_NATS_TLS_CA", "KILN_NATS_TLS"},
		{"KILN_NATS_TLS_CERT", "KILN_NATS_TLS"},
		{"KILN_POLICY", "KILN_POLICY_FILE"},
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		const struct option *option, *other;

		if (find_pair(c, &pairs[i], &option, &other) && is_set(c, option) &&
		    !is_set(c, other))
			(void)buf_append_format(c->problems, "%s: is set, and needs %s%s\n",
						option->name, other->name,
						option_is_text(other) ? "" : "=true");
	}
}

static void check_one_login(const struct check *c)
{
	static const struct pair pairs[] = {
		{"KILN_NATS_TOKEN", "KILN_NATS_USER"},
		{"KILN_NATS_CREDENTIALS", "KILN_NATS_USER"},
		{"KILN_NATS_NKEY_SEED", "KILN_NATS_USER"},
		{"KILN_NATS_CREDENTIALS", "KILN_NATS_TOKEN"},
		{"KILN_NATS_NKEY_SEED", "KILN_NATS_TOKEN"},
		{"KILN_NATS_NKEY_SEED", "KILN_NATS_CREDENTIALS"},
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		const struct option *option, *other;

		if (find_pair(c, &pairs[i], &option, &other) && is_set(c, option) &&
		    is_set(c, other))
			(void)buf_append_format(c->problems,
						"%s: is set, and so is %s; log in one way only\n",
						option->name, other->name);
	}
}

/* The result subject as well: an engine must not take its own results for requests. */
static void check_subjects_differ(const struct check *c)
{
	static const struct pair pairs[] = {
		{"KILN_PROBLEMS_SUBJECT", "KILN_COMPILER_SUBJECT"},
		{"KILN_RESULT_SUBJECT", "KILN_COMPILER_SUBJECT"},
		{"KILN_RESULT_SUBJECT", "KILN_PROBLEMS_SUBJECT"},
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		const struct option *option, *other;

		if (!find_pair(c, &pairs[i], &option, &other) || !is_set(c, option) ||
		    strcmp(value_text(option, c->config), value_text(other, c->config)) != 0)
			continue;
		(void)buf_append_format(c->problems, "%s: ", option->name);
		describe_value(c->problems, option, value_text(option, c->config));
		(void)buf_append_format(c->problems, " is %s too; they must differ\n", other->name);
	}
}

static void check_memory_has_room_for_files(const struct check *c)
{
	static const struct pair pair = {"KILN_WORKSPACE_BYTES", "KILN_MEMORY_BYTES"};
	const struct option *workspace, *memory;

	if (!find_pair(c, &pair, &workspace, &memory) ||
	    c->config->workspace_bytes < (c->config->container_memory_bytes + 2) / 3)
		return;
	(void)buf_append_format(c->problems, "%s: three times ", workspace->name);
	describe_number(c->problems, workspace, c->config->workspace_bytes);
	(void)buf_append_text(c->problems, " must be less than ");
	append_setting(c, memory);
	(void)buf_append_text(c->problems, "\n");
}

/* base64 makes four bytes of three. */
static void check_request_holds_code(const struct check *c)
{
	static const struct pair pairs[] = {
		{"KILN_COMPILER_CODE_BYTES_MAX", "KILN_REQUEST_BYTES_MAX"},
		{"KILN_PROBLEMS_CODE_BYTES_MAX", "KILN_REQUEST_BYTES_MAX"},
	};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		const struct option *code, *request;

		if (!find_pair(c, &pairs[i], &code, &request) ||
		    value_number(code, c->config) / 3 * 4 < value_number(request, c->config))
			continue;
		(void)buf_append_format(c->problems, "%s: ", code->name);
		describe_number(c->problems, code, value_number(code, c->config));
		(void)buf_append_text(c->problems, " of code in base64 do not fit into ");
		append_setting(c, request);
		(void)buf_append_text(c->problems, "\n");
	}
}

void check_consistency(const struct config *config, const struct wrong_options *wrong,
		       struct buf *problems)
{
	const struct check c = {.config = config, .wrong = wrong, .problems = problems};

	check_at_most(&c);
	check_needs(&c);
	check_one_login(&c);
	check_subjects_differ(&c);
	check_memory_has_room_for_files(&c);
	check_request_holds_code(&c);
}
