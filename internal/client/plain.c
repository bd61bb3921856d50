#include "client/plain.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define NAMES_MAX 4

struct plain {
	const char *names[NAMES_MAX]; /* NULL behind the last */
	const char *extension;
	const char *title;
	const char *interpreter; /* NULL: the script is for sh, with the file and the program */
	const char *subcommand;  /* of the interpreter; NULL: none */
	const char *script;
};

static const struct plain known[] = {
	{{"python", "py", "python3"}, "py", "python3 FILE", "python3", NULL, NULL},
	{{"javascript", "js", "node"}, "js", "node FILE", "node", NULL, NULL},
	{{"go", "golang"}, "go", "go run FILE", "go", "run", NULL},
	{{"ruby", "rb"}, "rb", "ruby FILE", "ruby", NULL, NULL},
	{{"php"}, "php", "php FILE", "php", NULL, NULL},
	{{"perl", "pl"}, "pl", "perl FILE", "perl", NULL, NULL},
	{{"lua"}, "lua", "lua FILE", "lua", NULL, NULL},
	{{"bash", "sh"}, "sh", "bash FILE", "bash", NULL, NULL},
	{{"c"}, "c", "gcc -O2 FILE && run", NULL, NULL, "gcc -O2 -o \"$2\" \"$1\" -lm && \"$2\""},
	{{"cpp", "c++", "cxx", "cc"}, "cpp", "g++ -O2 FILE && run", NULL, NULL,
	 "g++ -O2 -o \"$2\" \"$1\" && \"$2\""},
	{{"rust", "rs"}, "rs", "rustc -O FILE && run", NULL, NULL,
	 "rustc -O -o \"$2\" \"$1\" && \"$2\""},
};

const struct plain *plain_find(const char *language)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		for (size_t n = 0; n < NAMES_MAX && known[i].names[n] != NULL; n++) {
			if (strcasecmp(language, known[i].names[n]) == 0)
				return &known[i];
		}
	}
	return NULL;
}

const char *plain_extension(const struct plain *plain)
{
	return plain->extension;
}

const char *plain_title(const struct plain *plain)
{
	return plain->title;
}

void plain_command(const struct plain *plain, const char *file, const char *program,
		   const char *ret_argv[PLAIN_ARGS_MAX])
{
	size_t count = 0;

	if (plain->interpreter != NULL) {
		ret_argv[count++] = plain->interpreter;
		if (plain->subcommand != NULL)
			ret_argv[count++] = plain->subcommand;
		ret_argv[count++] = file;
	} else {
		ret_argv[count++] = "sh";
		ret_argv[count++] = "-c";
		ret_argv[count++] = plain->script;
		ret_argv[count++] = "sh";
		ret_argv[count++] = file;
		ret_argv[count++] = program;
	}
	ret_argv[count] = NULL;
}
