#include "client/client.h"

#include "client/args.h"
#include "client/commands.h"

#include <stdio.h>
#include <string.h>

static const struct client_command commands[] = {
	{"run", "run a program and print what it prints", client_run},
	{"languages", "list what the engine can run", client_languages},
	{"doctor", "check NATS, Docker and this host, and say what to do", client_doctor},
	{"bench", "measure how quickly programs come back", client_bench},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

const struct client_command *client_find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

int client_refuse_command(const char *name)
{
	const char *names[COMMANDS + 1] = {NULL};
	const char *close;

	for (size_t i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	close = args_closest(name, names);
	if (close != NULL)
		return args_refuse(NULL, "no command '%s'; did you mean '%s'?", name, close);
	return args_refuse(NULL, "no command '%s'", name);
}

void client_print_help(FILE *out)
{
	(void)fputs("Usage: kiln COMMAND [OPTION]…\n\n"
		    "Runs programs on a Kiln engine, over NATS.\n\n",
		    out);
	for (size_t i = 0; i < COMMANDS; i++)
		(void)fprintf(out, "  %-11s %s\n", commands[i].name, commands[i].summary);
	(void)fputs(
		"\n"
		"  -h, --help     this text; `kiln COMMAND --help` tells of a command\n"
		"      --version  the version\n\n"
		"The NATS server is the one of NATSURL (nats://localhost:4222), of a .env file in the\n"
		"working directory, or of --server. KILN_NATS_USER, KILN_NATS_PASSWORD and the others\n"
		"of .env.example say how to log in, as they do for kilnd.\n",
		out);
}

void client_print_version(void)
{
	(void)puts("kiln " KILN_VERSION);
}
