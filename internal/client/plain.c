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
	{.names = {"python", "py", "python3"}, .extension = "py",
	 .title = "python3 FILE", .interpreter = "python3"},
	{.names = {"javascript", "js", "node"}, .extension = "js",
	 .title = "node FILE", .interpreter = "node"},
	{.names = {"go", "golang"}, .extension = "go",
	 .title = "go run FILE", .interpreter = "go", .subcommand = "run"},
	{.names = {"ruby", "rb"}, .extension = "rb", .title = "ruby FILE", .interpreter = "ruby"},
	{.names = {"php"}, .extension = "php", .title = "php FILE", .interpreter = "php"},
	{.names = {"perl", "pl"}, .extension = "pl", .title = "perl FILE", .interpreter = "perl"},
	{.names = {"lua"}, .extension = "lua", .title = "lua FILE", .interpreter = "lua"},
	{.names = {"bash", "sh"}, .extension = "sh", .title = "bash FILE", .interpreter = "bash"},
	{.names = {"c"}, .extension = "c", .title = "gcc -O2 FILE && run",
	 .script = "gcc -O2 -o \"$2\" \"$1\" -lm && \"$2\""},
	{.names = {"cpp", "c++", "cxx", "cc"}, .extension = "cpp", .title = "g++ -O2 FILE && run",
	 .script = "g++ -O2 -o \"$2\" \"$1\" && \"$2\""},
	{.names = {"rust", "rs"}, .extension = "rs", .title = "rustc -O FILE && run",
	 .script = "rustc -O -o \"$2\" \"$1\" && \"$2\""},
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
