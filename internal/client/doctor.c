#include "client/doctor.h"

#include "client/args.h"
#include "client/client.h"
#include "client/commands.h"
#include "client/session.h"

#include <stdarg.h>
#include <stdio.h>

#define COMMAND "doctor"

enum {
	OPTION_SERVER = 256,
};

static const struct option options_known[] = {
	{"server", required_argument, NULL, OPTION_SERVER},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static const char *const level_names[] = {
	[DOCTOR_OK] = "ok",
	[DOCTOR_WARN] = "warn",
	[DOCTOR_FAIL] = "fail",
};

void doctor_report(struct doctor *doctor, enum doctor_level level, const char *subject,
		   const char *fmt, ...)
{
	va_list args;

	doctor->count[level]++;
	(void)printf("%-4s  %-18s ", level_names[level], subject);
	va_start(args, fmt);
	(void)vprintf(fmt, args);
	va_end(args);
	(void)putchar('\n');
}

void doctor_advise(const char *fmt, ...)
{
	va_list args;

	(void)printf("      -> ");
	va_start(args, fmt);
	(void)vprintf(fmt, args);
	va_end(args);
	(void)putchar('\n');
}

static void print_help(void)
{
	(void)puts(
		"Usage: kiln doctor [--server URL]\n\n"
		"Checks all that an engine needs: the NATS server, an engine that answers, Docker, the\n"
		"worker image, cgroups, seccomp, the kernel and the memory. Each line says `ok`, `warn`\n"
		"or `fail`, and a line with an arrow says what to do. Run it on the Docker host, with\n"
		"the environment (or the .env file) of kilnd.\n\n"
		"  --server URL  the NATS server, in place of NATSURL\n"
		"  -h, --help    this text\n\n"
		"Exit status: 0 when nothing failed, else 1; 125 when the configuration is wrong.");
}

static int parse(int argc, char **argv, const char **ret_server)
{
	int found;

	opterr = 0;
	optind = 0;
	while ((found = getopt_long(argc, argv, ARGS_SHORT, options_known, NULL)) != -1) {
		if (found == 'h') {
			print_help();
			return CLIENT_OK;
		}
		if (found == 1)
			return args_refuse(COMMAND, "unexpected '%s'", optarg);
		if (found != OPTION_SERVER)
			return args_refuse_option(COMMAND, options_known, argv, found);
		*ret_server = optarg;
	}
	return ARGS_GO;
}

int client_doctor(int argc, char **argv)
{
	struct doctor doctor = {0};
	struct docker_info info;
	struct config *config;
	const char *server = NULL;
	int status = parse(argc, argv, &server);
	bool known;

	if (status != ARGS_GO)
		return status;
	config = session_config(server);
	if (config == NULL)
		return CLIENT_NOT_RUN;
	doctor_check_nats(&doctor, config);
	known = doctor_check_docker(&doctor, config, &info);
	doctor_check_host(&doctor, config, known ? &info : NULL);
	(void)printf("\n%u ok, %u to look at, %u failed\n", doctor.count[DOCTOR_OK],
		     doctor.count[DOCTOR_WARN], doctor.count[DOCTOR_FAIL]);
	config_free(config);
	return doctor.count[DOCTOR_FAIL] == 0 ? CLIENT_OK : CLIENT_FAILED;
}
