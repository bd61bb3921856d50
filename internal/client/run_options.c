#include "client/run_options.h"

#include "client/args.h"
#include "client/client.h"
#include "client/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COMMAND "run"

enum {
	OPTION_LANGUAGE = 256,
	OPTION_STDIN,
	OPTION_FILE,
	OPTION_LIMIT,
	OPTION_SUBJECT,
	OPTION_TIMEOUT,
	OPTION_SERVER,
	OPTION_JSON,
};

static const struct option options_known[] = {
	{"language", required_argument, NULL, OPTION_LANGUAGE},
	{"stdin", required_argument, NULL, OPTION_STDIN},
	{"file", required_argument, NULL, OPTION_FILE},
	{"limit", required_argument, NULL, OPTION_LIMIT},
	{"subject", required_argument, NULL, OPTION_SUBJECT},
	{"timeout", required_argument, NULL, OPTION_TIMEOUT},
	{"server", required_argument, NULL, OPTION_SERVER},
	{"json", no_argument, NULL, OPTION_JSON},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static void print_help(void)
{
	char extensions[256];

	source_list_extensions(extensions, sizeof(extensions));
	(void)printf(
		"Usage: kiln run FILE [OPTION]… [-- ARGUMENT…]\n\n"
		"Runs the program FILE on an engine. What it prints goes to stdout and stderr, byte by\n"
		"byte, and its exit status becomes that of kiln. FILE `-` is read from stdin.\n\n"
		"  --language NAME     its language (`kiln languages`); without it, the extension tells:\n"
		"      %s\n"
		"  --stdin FILE        what the program reads from its stdin (`-`: from kiln's)\n"
		"  --file FILE         a further file of the workspace, under this relative path or, if it\n"
		"                      lies elsewhere, its last component; may be given again\n"
		"  --limit NAME=N      lowers a limit: wall_ms cpu_ms memory_bytes output_bytes processes\n"
		"                      file_bytes; may be given again\n"
		"  --subject SUBJECT   default compiler.execute.request (KILN_COMPILER_SUBJECT), which\n"
		"                      takes 10,000 bytes of code; problems.execute.request takes 1 MiB\n"
		"  --timeout SECONDS   how long to wait for the reply, default %d\n"
		"  --server URL        the NATS server, in place of NATSURL\n"
		"  --json              print the reply as it came, on one line\n"
		"  -h, --help          this text\n\n"
		"Exit status: the program's own; 128 + N when signal N ended it; and\n"
		"    1  it does not compile            2  kiln was called wrongly\n"
		"  123  output limit                 124  time limit (wall or CPU)\n"
		"  137  memory limit                 125  Kiln could not run it: no server, no engine, no\n"
		"                                         reply in time, busy, rejected, internal error\n"
		"A program can exit with these as well; `verdict` of --json tells them apart.\n",
		extensions, RUN_TIMEOUT_MS / 1000);
}

static int parse_limit(const char *text, struct limits *limits)
{
	const struct {
		enum limit_name name;
		uint64_t *value;
	} known[] = {
		{LIMIT_WALL, &limits->wall_ms},        {LIMIT_CPU, &limits->cpu_ms},
		{LIMIT_MEMORY, &limits->memory_bytes}, {LIMIT_OUTPUT, &limits->output_bytes},
		{LIMIT_PROCESSES, &limits->processes}, {LIMIT_FILE, &limits->file_bytes},
	};
	size_t length = strcspn(text, "=");

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *name = limit_name_text(known[i].name);

		if (strlen(name) != length || strncmp(name, text, length) != 0)
			continue;
		if (text[length] == '=' &&
		    args_parse_number(text + length + 1, 1, INT64_MAX, known[i].value) == 0)
			return ARGS_GO;
		return args_refuse(COMMAND, "--limit %s: %s=N needs a whole number from 1", text,
				   name);
	}
	return args_refuse(COMMAND,
			   "--limit %s: the limits are wall_ms cpu_ms memory_bytes output_bytes "
			   "processes file_bytes",
			   text);
}

static int add_file(struct run_options *options, const char *path)
{
	if (options->files_count == JOB_FILES_MAX)
		return args_refuse(COMMAND, "more than %d times --file", JOB_FILES_MAX);
	options->files[options->files_count++] = path;
	return ARGS_GO;
}

static int set_program(struct run_options *options, const char *path)
{
	if (options->program != NULL)
		return args_refuse(COMMAND,
				   "unexpected '%s': what the program is to get stands behind `--`",
				   path);
	options->program = path;
	return ARGS_GO;
}

static int set_option(struct run_options *options, int found, const char *value)
{
	switch (found) {
	case 1:
		return set_program(options, value);
	case OPTION_LANGUAGE:
		options->language = value;
		return ARGS_GO;
	case OPTION_STDIN:
		options->input = value;
		return ARGS_GO;
	case OPTION_FILE:
		return add_file(options, value);
	case OPTION_LIMIT:
		return parse_limit(value, &options->limits);
	case OPTION_SUBJECT:
		options->subject = value;
		return ARGS_GO;
	case OPTION_TIMEOUT:
		if (args_parse_seconds(value, &options->timeout_ms) < 0)
			return args_refuse(COMMAND, "--timeout %s: not a number of seconds", value);
		return ARGS_GO;
	case OPTION_SERVER:
		options->server = value;
		return ARGS_GO;
	default:
		options->json = true;
		return ARGS_GO;
	}
}

/* What only the whole command line tells. */
static int check(struct run_options *options)
{
	if (options->program == NULL)
		return args_refuse(COMMAND, "which FILE? (`-` reads it from stdin)");
	if (options->input != NULL && strcmp(options->input, "-") == 0 &&
	    strcmp(options->program, "-") == 0)
		return args_refuse(COMMAND, "the program and --stdin cannot both come from stdin");
	if (options->args_count > JOB_ARGS_MAX)
		return args_refuse(COMMAND, "more than %d program arguments", JOB_ARGS_MAX);
	if (options->language != NULL)
		return ARGS_GO;
	options->language = source_language(options->program);
	if (options->language == NULL)
		return args_refuse(COMMAND,
				   "the name '%s' does not tell a language: give --language",
				   options->program);
	return ARGS_GO;
}

int run_options_parse(int argc, char **argv, struct run_options *ret_options)
{
	int found, status;

	*ret_options = (struct run_options){
		.timeout_ms = RUN_TIMEOUT_MS,
	};
	opterr = 0;
	optind = 0; /* starts getopt_long() afresh */
	while ((found = getopt_long(argc, argv, ARGS_SHORT, options_known, NULL)) != -1) {
		if (found == 'h') {
			print_help();
			return CLIENT_OK;
		}
		if (found == '?' || found == ':')
			return args_refuse_option(COMMAND, options_known, argv, found);
		status = set_option(ret_options, found, optarg);
		if (status != ARGS_GO)
			return status;
	}
	ret_options->args = argv + optind;
	ret_options->args_count = (size_t)(argc - optind);
	return check(ret_options);
}
