/* kiln-agent: process 1 of a worker container. */
#include "agent/agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	struct err err = {0};

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		(void)printf("kiln-agent %s\n", KILN_VERSION);
		return EXIT_SUCCESS;
	}
	if (argc > 1) {
		(void)fprintf(stderr, "kiln-agent is started by kilnd, as process 1 of a worker "
				      "container.\nUsage: kiln-agent [--version]\n");
		return strcmp(argv[1], "--help") == 0 ? EXIT_SUCCESS : 2;
	}
	if (agent_run(&err) < 0) {
		(void)fprintf(stderr, "kiln-agent: %s\n", err.text);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
