#include "client/bench_options.h"

#include "client/args.h"
#include "client/client.h"
#include "client/load.h"
#include "client/source.h"

#include <stdio.h>
#include <string.h>

#define COMMAND "bench"
#define REQUESTS 1000
#define ROUNDS 30
#define WARMUP 10
#define COMPARE_WARMUP 2
#define TIMEOUT_MS 30000
#define DAY_MS 86400000
#define UNSET UINT64_MAX

enum {
	OPTION_LANGUAGE = 256,
	OPTION_CONCURRENCY,
	OPTION_REQUESTS,
	OPTION_DURATION,
	OPTION_WARMUP,
	OPTION_TIMEOUT,
	OPTION_SUBJECT,
	OPTION_SERVER,
	OPTION_COMPARE,
	OPTION_JSON,
};

static const struct option options_known[] = {
	{"language", required_argument, NULL, OPTION_LANGUAGE},
	{"concurrency", required_argument, NULL, OPTION_CONCURRENCY},
	{"requests", required_argument, NULL, OPTION_REQUESTS},
	{"duration", required_argument, NULL, OPTION_DURATION},
	{"warmup", required_argument, NULL, OPTION_WARMUP},
	{"timeout", required_argument, NULL, OPTION_TIMEOUT},
	{"subject", required_argument, NULL, OPTION_SUBJECT},
	{"server", required_argument, NULL, OPTION_SERVER},
	{"compare", no_argument, NULL, OPTION_COMPARE},
	{"json", no_argument, NULL, OPTION_JSON},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static void print_help(void)
{
	(void)printf(
		"Usage: kiln bench [FILE] [OPTION]…\n\n"
		"Sends the program FILE (a Python hello when there is none) in a closed loop: each of N\n"
		"connections sends a request, waits for its reply and sends the next. Tells how long the\n"
		"requests that succeeded took from end to end, how many a second, and what failed.\n\n"
		"  --suite            measures what Kiln promises, with programs of its own, and has\n"
		"                     other options: see kiln bench --suite --help\n"
		"  --language NAME    its language; without it, the extension tells\n"
		"  --concurrency N    requests outstanding, 1 to %u, default 1\n"
		"  --requests N       in all, default %d, or as many as fit with --duration\n"
		"  --duration SECONDS at most that long\n"
		"  --warmup N         requests ahead that do not count, default %d\n"
		"  --compare          one at a time, and in each round also `docker exec` of the plain\n"
		"                     command in a container of KILN_IMAGE, the plain command inside\n"
		"                     that container (timed inside, without docker), and on this host;\n"
		"                     --requests are rounds then, default %d, and --warmup %d\n"
		"  --timeout SECONDS  how long to wait for one reply, default %d\n"
		"  --subject SUBJECT  default compiler.execute.request (KILN_COMPILER_SUBJECT)\n"
		"  --server URL       the NATS server, in place of NATSURL\n"
		"  --json             the result as JSON, on one line\n"
		"  -h, --help         this text\n\n"
		"Exit status: 0; 1 when a request failed; 2 when called wrongly; 125 when the program\n"
		"could not be run at all.\n",
		LOAD_LANES_MAX, REQUESTS, WARMUP, ROUNDS, COMPARE_WARMUP, TIMEOUT_MS / 1000);
}

static int parse_number(const char *name, const char *value, uint64_t min, uint64_t max,
			uint64_t *ret_number)
{
	if (args_parse_number(value, min, max, ret_number) == 0)
		return ARGS_GO;
	return args_refuse(COMMAND, "--%s %s: not a whole number from %llu to %llu", name, value,
			   (unsigned long long)min, (unsigned long long)max);
}

static int parse_seconds(const char *name, const char *value, int64_t *ret_ms)
{
	if (args_parse_seconds(value, ret_ms) == 0)
		return ARGS_GO;
	return args_refuse(COMMAND, "--%s %s: not a number of seconds", name, value);
}

static int set_file(struct bench_options *options, const char *file)
{
	if (options->file != NULL)
		return args_refuse(COMMAND, "unexpected '%s': one FILE at a time", file);
	options->file = file;
	return ARGS_GO;
}

static int set_option(struct bench_options *options, int found, const char *value)
{
	switch (found) {
	case 1:
		return set_file(options, value);
	case OPTION_CONCURRENCY:
		return parse_number("concurrency", value, 1, LOAD_LANES_MAX, &options->concurrency);
	case OPTION_REQUESTS:
		return parse_number("requests", value, 1, SAMPLES_MAX, &options->requests);
	case OPTION_WARMUP:
		return parse_number("warmup", value, 0, SAMPLES_MAX, &options->warmup);
	case OPTION_DURATION:
		return parse_seconds("duration", value, &options->duration_ms);
	case OPTION_TIMEOUT:
		return parse_seconds("timeout", value, &options->timeout_ms);
	case OPTION_LANGUAGE:
		options->language = value;
		return ARGS_GO;
	case OPTION_SUBJECT:
		options->subject = value;
		return ARGS_GO;
	case OPTION_SERVER:
		options->server = value;
		return ARGS_GO;
	case OPTION_COMPARE:
		options->compare = true;
		return ARGS_GO;
	default:
		options->json = true;
		return ARGS_GO;
	}
}

static int choose_language(struct bench_options *options)
{
	if (options->file == NULL && options->language != NULL)
		return args_refuse(COMMAND, "--language needs a FILE of that language");
	if (options->file == NULL)
		options->language = "python";
	if (options->language == NULL)
		options->language = source_language(options->file);
	if (options->language == NULL)
		return args_refuse(COMMAND,
				   "the name '%s' does not tell a language: give --language",
				   options->file);
	return ARGS_GO;
}

static int finish(struct bench_options *options)
{
	if (options->file != NULL && strcmp(options->file, "-") == 0)
		return args_refuse(COMMAND, "FILE must be a file");
	if (options->compare && options->concurrency != UNSET)
		return args_refuse(COMMAND,
				   "--compare measures one at a time: leave out --concurrency");
	if (options->concurrency == UNSET)
		options->concurrency = 1;
	if (options->warmup == UNSET)
		options->warmup = options->compare ? COMPARE_WARMUP : WARMUP;
	if (options->requests == UNSET && options->duration_ms != 0)
		options->requests = SAMPLES_MAX;
	if (options->requests == UNSET)
		options->requests = options->compare ? ROUNDS : REQUESTS;
	if (options->duration_ms == 0)
		options->duration_ms = DAY_MS;
	return choose_language(options);
}

int bench_options_parse(int argc, char **argv, struct bench_options *ret_options)
{
	int found, status;

	*ret_options = (struct bench_options){
		.timeout_ms = TIMEOUT_MS,
		.concurrency = UNSET,
		.requests = UNSET,
		.warmup = UNSET,
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
	if (optind < argc)
		return args_refuse(COMMAND, "unexpected '%s': programs run without arguments here",
				   argv[optind]);
	return finish(ret_options);
}
