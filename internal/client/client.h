/* client: the commands of the program `kiln`.
 *
 * They know an engine only through its NATS subjects, and Docker only through the Engine API.
 * Settings come from the environment as kilnd reads it (config.h); options override them.
 *
 * Threads: one command at a time, from the main thread.
 * Output:  results go to stdout; everything that explains goes to stderr. */
#ifndef KILN_CLIENT_CLIENT_H
#define KILN_CLIENT_CLIENT_H

#include <stdio.h>

/* Exit statuses. `kiln run` ends with the program's own status where it has one. */
enum client_exit {
	CLIENT_OK = 0,
	CLIENT_FAILED =
		1, /* a compile error; a check of doctor, or a request of bench, that failed */
	CLIENT_USAGE = 2,
	CLIENT_OUTPUT_LIMIT = 123,
	CLIENT_TIME_LIMIT = 124,   /* as timeout(1) */
	CLIENT_NOT_RUN = 125,      /* Kiln could not run it, as env(1) and docker(1) */
	CLIENT_MEMORY_LIMIT = 137, /* as a shell shows a process that was killed */
	CLIENT_SIGNAL = 128,       /* plus the number of the signal that ended the program */
};

struct client_command {
	const char *name;
	const char *summary;
	/* argv[0] is the command's name. Returns an exit status. */
	int (*run)(int argc, char **argv);
};

/* NULL when there is no such command. */
const struct client_command *client_find_command(const char *name);

/* Says on stderr that there is no such command, and which is close. Returns CLIENT_USAGE. */
int client_refuse_command(const char *name);

void client_print_help(FILE *out);
void client_print_version(void);

#endif
