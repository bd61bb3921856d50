/* kilnd: runs untrusted programs that arrive over NATS in warm containers. */
#include "config/config.h"
#include "engine/engine.h"
#include "log/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
	"Usage: kilnd [-h | --help | --version | --env-example]\n"
	"\n"
	"Runs the programs of compiler.execute.request and problems.execute.request in\n"
	"warm Docker containers, and publishes the results. It is configured by the\n"
	"environment, or by a .env file in the working directory; --env-example prints\n"
	"every variable with its default. SIGTERM or SIGINT drains; a second one ends\n"
	"it at once.\n"
	"\n"
	"`kiln doctor` checks what kilnd needs. `deploy/up.sh` sets everything up.\n";

static int serve(void)
{
	struct buf problems;
	struct err err = {0};
	struct config *config;
	int result;

	buf_init(&problems, (size_t)64 * 1024);
	config = config_load(&problems);
	if (config == NULL) {
		(void)fprintf(stderr, "kilnd: the configuration is wrong:\n%.*s",
			      (int)problems.length, (const char *)problems.data);
		buf_fini(&problems);
		return 2;
	}
	buf_fini(&problems);
	log_open(config->log_level, config->log_format);
	log_identify(config->engine_name, config->environment);
	result = engine_run(config, &err);
	if (result < 0)
		log_error("kilnd cannot go on", log_text("error", err.text));
	log_flush();
	config_free(config);
	return result < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc == 1)
		return serve();
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return printf("kilnd %s\n", KILN_VERSION) < 0;
	if (argc == 2 && strcmp(argv[1], "--env-example") == 0) {
		config_print_example(stdout);
		return EXIT_SUCCESS;
	}
	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return fputs(usage, stdout) < 0;
	(void)fprintf(stderr, "kilnd: unknown option '%s'\n%s", argv[1], usage);
	return 2;
}
