#include "client/suite_options.h"

#include "client/args.h"
#include "client/client.h"
#include "client/suite_work.h"

#include <stdio.h>
#include <string.h>

#define COMMAND "bench --suite"
#define SAMPLES 200
#define QUICK_SAMPLES_SLOW 20
#define SAMPLES_MOST 100000
#define LONG_JOBS 100000
#define LONG_JOBS_LEAST 40
#define LONG_JOBS_MOST 100000000
#define TIMEOUT_MS 30000

enum {
	OPTION_SUITE = 256,
	OPTION_SAMPLES,
	OPTION_QUICK,
	OPTION_LONG,
	OPTION_ONLY,
	OPTION_PID,
	OPTION_JSON,
	OPTION_SVG,
	OPTION_STRICT,
	OPTION_TIMEOUT,
	OPTION_SERVER,
};

static const struct option options_known[] = {
	{"suite", no_argument, NULL, OPTION_SUITE},
	{"samples", required_argument, NULL, OPTION_SAMPLES},
	{"quick", no_argument, NULL, OPTION_QUICK},
	{"long", optional_argument, NULL, OPTION_LONG},
	{"only", required_argument, NULL, OPTION_ONLY},
	{"pid", required_argument, NULL, OPTION_PID},
	{"json", required_argument, NULL, OPTION_JSON},
	{"svg", required_argument, NULL, OPTION_SVG},
	{"strict", no_argument, NULL, OPTION_STRICT},
	{"timeout", required_argument, NULL, OPTION_TIMEOUT},
	{"server", required_argument, NULL, OPTION_SERVER},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static const char *const other_parts[] = {SUITE_PART_THROUGHPUT, SUITE_PART_CPU, SUITE_PART_IDLE};

#define OTHER_PARTS (sizeof(other_parts) / sizeof(other_parts[0]))

static void print_help(void)
{
	(void)printf(
		"Usage: kiln bench --suite [OPTION]…\n\n"
		"Measures what Kiln promises, and marks what it misses. One request over NATS and one run\n"
		"of the same program without Kiln, in a container of the same image without limits, take\n"
		"turns; medians are compared. It needs docker, the image (KILN_IMAGE), and for what kilnd\n"
		"itself uses, to be on its host.\n\n"
		"  --samples N       of each program, default %d\n"
		"  --quick           at most %d of programs that are compiled anew each time, and shorter\n"
		"                    measurements of throughput and idling\n"
		"  --long[=JOBS]     also sends JOBS jobs, default %d, and compares the last thousand with\n"
		"                    the first\n"
		"  --only PART,…     only these, and without --long nothing else:\n",
		SAMPLES, QUICK_SAMPLES_SLOW, LONG_JOBS);
	for (size_t i = 0; i < SUITE_WORKS; i++)
		(void)printf("                      %s\n", suite_works[i].key);
	for (size_t i = 0; i < OTHER_PARTS; i++)
		(void)printf("                      %s\n", other_parts[i]);
	(void)printf(
		"  --pid PID         of kilnd; without it, the one process of that name on this host\n"
		"  --json FILE       writes everything that was measured as JSON\n"
		"  --svg FILE        draws it\n"
		"  --strict          exit status 1 when a target is missed or not measured\n"
		"  --timeout SECONDS how long to wait for one reply or command, default %d\n"
		"  --server URL      the NATS server, in place of NATSURL\n"
		"  -h, --help        this text\n\n"
		"Exit status: 0, whatever is missed; 1 with --strict when something is; 2 when called\n"
		"wrongly; 125 when it could not be measured at all.\n",
		TIMEOUT_MS / 1000);
}

bool suite_options_asked(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--suite") == 0)
			return true;
	}
	return false;
}

static int parse_number(const char *name, const char *value, uint64_t min, uint64_t max,
			uint64_t *ret_number)
{
	if (args_parse_number(value, min, max, ret_number) == 0)
		return ARGS_GO;
	return args_refuse(COMMAND, "--%s %s: not a whole number from %llu to %llu", name, value,
			   (unsigned long long)min, (unsigned long long)max);
}

static bool names_part(const char *name, size_t length, const char *part)
{
	return strlen(part) == length && strncmp(name, part, length) == 0;
}

static bool part_exists(const char *name, size_t length)
{
	for (size_t i = 0; i < SUITE_WORKS; i++) {
		if (names_part(name, length, suite_works[i].key))
			return true;
	}
	for (size_t i = 0; i < OTHER_PARTS; i++) {
		if (names_part(name, length, other_parts[i]))
			return true;
	}
	return false;
}

static int set_only(struct suite_options *options, const char *list)
{
	for (const char *name = list; name != NULL; name = strchr(name, ',')) {
		size_t length;

		name += *name == ',';
		length = strcspn(name, ",");
		if (!part_exists(name, length))
			return args_refuse(COMMAND, "--only: there is no part '%.*s'", (int)length,
					   name);
	}
	options->only = list;
	return ARGS_GO;
}

static int set_pid(struct suite_options *options, const char *value)
{
	uint64_t pid = 0;
	int status = parse_number("pid", value, 1, INT32_MAX, &pid);

	options->pid = (pid_t)pid;
	return status;
}

static int set_long(struct suite_options *options, const char *value)
{
	options->long_jobs = LONG_JOBS;
	if (value == NULL)
		return ARGS_GO;
	return parse_number("long", value, LONG_JOBS_LEAST, LONG_JOBS_MOST, &options->long_jobs);
}

static int set_timeout(struct suite_options *options, const char *value)
{
	if (args_parse_seconds(value, &options->timeout_ms) == 0)
		return ARGS_GO;
	return args_refuse(COMMAND, "--timeout %s: not a number of seconds", value);
}

static int set_option(struct suite_options *options, int found, const char *value)
{
	switch (found) {
	case 1:
		return args_refuse(COMMAND, "unexpected '%s': the suite has its own programs",
				   value);
	case OPTION_SAMPLES:
		return parse_number("samples", value, 1, SAMPLES_MOST, &options->samples);
	case OPTION_LONG:
		return set_long(options, value);
	case OPTION_ONLY:
		return set_only(options, value);
	case OPTION_PID:
		return set_pid(options, value);
	case OPTION_TIMEOUT:
		return set_timeout(options, value);
	case OPTION_QUICK:
		options->quick = true;
		return ARGS_GO;
	case OPTION_JSON:
		options->json_path = value;
		return ARGS_GO;
	case OPTION_SVG:
		options->svg_path = value;
		return ARGS_GO;
	case OPTION_STRICT:
		options->strict = true;
		return ARGS_GO;
	case OPTION_SERVER:
		options->server = value;
		return ARGS_GO;
	default:
		return ARGS_GO;
	}
}

static int finish(struct suite_options *options)
{
	options->samples_slow = options->samples;
	if (options->quick && options->samples_slow > QUICK_SAMPLES_SLOW)
		options->samples_slow = QUICK_SAMPLES_SLOW;
	return ARGS_GO;
}

int suite_options_parse(int argc, char **argv, struct suite_options *ret_options)
{
	int found, status;

	*ret_options = (struct suite_options){.samples = SAMPLES, .timeout_ms = TIMEOUT_MS};
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
	if (optind < argc)
		return args_refuse(COMMAND, "unexpected '%s'", argv[optind]);
	return finish(ret_options);
}

bool suite_options_want(const struct suite_options *options, const char *part)
{
	const char *name = options->only;

	if (name == NULL)
		return true;
	for (; name != NULL; name = strchr(name, ',')) {
		name += *name == ',';
		if (names_part(name, strcspn(name, ","), part))
			return true;
	}
	return false;
}
