#include "base/buf.h"
#include "base/cleanup.h"
#include "client/args.h"
#include "client/client.h"
#include "client/commands.h"
#include "client/listing.h"
#include "client/session.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define COMMAND "languages"
#define TIMEOUT_MS 5000
#define TABLE_BYTES_MAX (1u << 20)

enum {
	OPTION_TIMEOUT = 256,
	OPTION_SERVER,
	OPTION_JSON,
};

static const struct option options_known[] = {
	{"timeout", required_argument, NULL, OPTION_TIMEOUT},
	{"server", required_argument, NULL, OPTION_SERVER},
	{"json", no_argument, NULL, OPTION_JSON},
	{"help", no_argument, NULL, 'h'},
	{0},
};

struct languages_options {
	const char *server;
	int64_t timeout_ms;
	bool json;
};

static void print_help(void)
{
	(void)printf(
		"Usage: kiln languages [OPTION]…\n\n"
		"Lists the languages that the engine can run, with the versions of their tools and\n"
		"their numbers in Judge0's list.\n\n"
		"  --timeout SECONDS   how long to wait for the reply, default %d\n"
		"  --server URL        the NATS server, in place of NATSURL\n"
		"  --json              print the reply as it came, on one line\n"
		"  -h, --help          this text\n\n"
		"Exit status: 0, or 125 when no engine answers.\n",
		TIMEOUT_MS / 1000);
}

static int parse(int argc, char **argv, struct languages_options *options)
{
	int found;

	opterr = 0;
	optind = 0;
	while ((found = getopt_long(argc, argv, ARGS_SHORT, options_known, NULL)) != -1) {
		switch (found) {
		case 'h':
			print_help();
			return CLIENT_OK;
		case OPTION_TIMEOUT:
			if (args_parse_seconds(optarg, &options->timeout_ms) < 0)
				return args_refuse(COMMAND, "--timeout %s: not a number of seconds",
						   optarg);
			break;
		case OPTION_SERVER:
			options->server = optarg;
			break;
		case OPTION_JSON:
			options->json = true;
			break;
		case 1:
			return args_refuse(COMMAND, "unexpected '%s'", optarg);
		default:
			return args_refuse_option(COMMAND, options_known, argv, found);
		}
	}
	return ARGS_GO;
}

static int show(const struct languages_options *options, const char *reply, size_t length,
		struct err *err)
{
	auto_buf struct buf table;

	buf_init(&table, TABLE_BYTES_MAX);
	if (listing_format(reply, length, &table, err) < 0)
		return CLIENT_NOT_RUN;
	if (options->json) {
		(void)fwrite(reply, 1, length, stdout);
		(void)putchar('\n');
	} else {
		(void)fwrite(table.data, 1, table.length, stdout);
	}
	return CLIENT_OK;
}

static int list(const struct languages_options *options, const struct config *config,
		struct err *err)
{
	struct session *session = session_open(config, err);
	auto_free char *reply = NULL;
	size_t length;
	int result;

	if (session == NULL)
		return CLIENT_NOT_RUN;
	result = session_request(session, LISTING_SUBJECT, "{}", 2, options->timeout_ms, &reply,
				 &length, err);
	session_close(session);
	return result < 0 ? CLIENT_NOT_RUN : show(options, reply, length, err);
}

int client_languages(int argc, char **argv)
{
	struct languages_options options = {.timeout_ms = TIMEOUT_MS};
	struct config *config;
	struct err err = {0};
	int status = parse(argc, argv, &options);

	if (status != ARGS_GO)
		return status;
	config = session_config(options.server);
	if (config == NULL)
		return CLIENT_NOT_RUN;
	status = list(&options, config, &err);
	if (err.code != 0)
		(void)fprintf(stderr, "kiln: %s\n", err.text);
	config_free(config);
	return status;
}
