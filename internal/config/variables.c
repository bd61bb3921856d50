#include "config/variables.h"

#include "config/describe.h"
#include "config/options.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOTENV_PATH ".env"
#define PREFIX "KILN_"
#define TEST_PREFIX "KILN_TEST_"
#define NAME_BYTES_MAX 256

int variables_init(struct variables *variables, struct buf *problems)
{
	*variables = (struct variables){0};
	return dotenv_read(&variables->dotenv, DOTENV_PATH, problems);
}

void variables_fini(struct variables *variables)
{
	dotenv_fini(&variables->dotenv);
}

const char *variables_get(const struct variables *variables, const char *name, unsigned *ret_line)
{
	const char *text = getenv(name);
	const struct dotenv_entry *entry;

	*ret_line = 0;
	if (text != NULL && text[0] != '\0')
		return text;
	entry = dotenv_find(&variables->dotenv, name);
	if (entry == NULL || entry->value[0] == '\0')
		return NULL;
	*ret_line = entry->line;
	return entry->value;
}

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Kubernetes describes a service called "kiln" or "kiln-…" to every pod beside it, as Docker did
 * for links: KILN_SERVICE_HOST, KILN_SERVICE_PORT_HTTP, KILN_PORT, KILN_PORT_80_TCP_ADDR, …
 * (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables) */
static bool is_service_link(const char *name)
{
	const char *port = strstr(name, "_PORT");

	if (strstr(name, "_SERVICE_HOST") != NULL || strstr(name, "_SERVICE_PORT") != NULL)
		return true;
	if (port == NULL)
		return false;
	port += strlen("_PORT");
	return port[0] == '\0' || (port[0] == '_' && port[1] >= '0' && port[1] <= '9');
}

/* What the scripts of deploy/, worker-image/ and tests/ read: an engine that one of them starts may
 * find it in its environment. tests/lint/check_env.py finds one that is missing here. */
static const char *const script_variables[] = {
	"KILN_DEBIAN_MIRROR",
	"KILN_DEBIAN_SECURITY_MIRROR",
	"KILN_FUZZ_SECONDS",
	"KILN_STATE_DIR",
};

static bool is_of_scripts(const char *name)
{
	for (size_t i = 0; i < sizeof(script_variables) / sizeof(script_variables[0]); i++) {
		if (strcmp(script_variables[i], name) == 0)
			return true;
	}
	return false;
}

static bool is_unknown(const char *name)
{
	return has_prefix(name, PREFIX) && !has_prefix(name, TEST_PREFIX) &&
	       option_find(name) == NULL && !is_of_scripts(name) && !is_service_link(name);
}

static void report(const char *name, unsigned line, struct buf *problems)
{
	describe_text(problems, name);
	if (line > 0)
		(void)buf_append_format(problems, " (" DOTENV_PATH ":%u)", line);
	(void)buf_append_format(problems, ": is not a variable of Kiln; the nearest is %s\n",
				option_nearest(name)->name);
}

void variables_report_unknown(const struct variables *variables, struct buf *problems)
{
	for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
		char name[NAME_BYTES_MAX];
		size_t length = strcspn(*variable, "=");

		if (length >= sizeof(name))
			length = sizeof(name) - 1;
		memcpy(name, *variable, length);
		name[length] = '\0';
		if (is_unknown(name))
			report(name, 0, problems);
	}
	for (size_t i = 0; i < variables->dotenv.count; i++) {
		const struct dotenv_entry *entry = &variables->dotenv.entries[i];

		if (is_unknown(entry->name))
			report(entry->name, entry->line, problems);
	}
}
