/* kiln: the client for a person's or a script's terminal. */
#include "client/client.h"

#include <stdio.h>
#include <string.h>

static int run(int argc, char **argv)
{
	const struct client_command *command;

	if (argc < 2) {
		client_print_help(stderr);
		return CLIENT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		client_print_help(stdout);
		return CLIENT_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		client_print_version();
		return CLIENT_OK;
	}
	command = client_find_command(argv[1]);
	if (command == NULL)
		return client_refuse_command(argv[1]);
	return command->run(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	int status = run(argc, argv);

	/* A full disk or a closed pipe behind stdout shows only now. */
	if (fflush(stdout) != 0 && status == CLIENT_OK)
		return CLIENT_NOT_RUN;
	return status;
}
