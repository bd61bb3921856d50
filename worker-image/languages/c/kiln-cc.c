/* kiln-cc: runs a C or C++ compiler sooner, and with the same result.
 *
 *     kiln-cc /usr/bin/g++ -O2 … -o main main.cpp
 *
 * is the command that follows, and two things that make it quick:
 *
 * - gold links in a third of the time of bfd, the linker that gcc calls by itself;
 * - headers that the program is going to include anyway come from a precompiled header. gcc takes
 *   one only before everything else, so it is forced in front with -include. That is the same
 *   program exactly when its own text begins with includes of all those headers, with nothing but
 *   comments and other system headers between them: then no macro, pragma or declaration of its own
 *   comes before them, and every name that they bring comes in the end. read_prologue() stops at
 *   whatever could be something else.
 *
 * Silence means success, and then all is done. Whatever gcc says must be what it would have said
 * without all this. Of a precompiled header diagnostics show only the lines "from …", that is where
 * it was included; restore_traces() writes there what the program has in its place. Where that is
 * not certain, or the linker had a part in what was said, the command runs once more as it stands.
 *
 * It is built into the image and has no library but libc; it runs as the job, in its sandbox. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PRECOMPILED "/opt/kiln/precompiled/"

enum {
	SOURCE_BYTES_MAX = 8 << 20,
	PROLOGUE_INCLUDES_MAX = 64,
	HEADER_NAME_BYTES = 64,
	SET_HEADERS_MAX = 4,
	SAID_BYTES_MAX = 1 << 20,
	COMMAND_ARGS_MAX = 1024,
};

extern char **environ;

/* A precompiled header: what it holds. */
struct set {
	const char *name;
	const char *headers[SET_HEADERS_MAX];
};

/* The first that fits is taken, so those that hold more come first. warm.sh makes them from what
 * `kiln-cc --sets` prints: a line for each. Each costs the image 35 to 175 MB. */
static const struct set sets[] = {
	{"everything-json", {"bits/stdc++.h", "nlohmann/json.hpp"}},
	{"everything", {"bits/stdc++.h"}},
	{"json", {"nlohmann/json.hpp"}},
	{"algorithm", {"iostream", "vector", "algorithm"}},
	{"vector", {"iostream", "vector"}},
	{"iostream", {"iostream"}},
};

struct include {
	char header[HEADER_NAME_BYTES];
	unsigned line;
};

struct prologue {
	struct include includes[PROLOGUE_INCLUDES_MAX];
	size_t count;
};

struct cursor {
	const char *at;
	const char *end;
	unsigned line;
};

struct text {
	char *data;
	size_t length;
};

struct plan {
	char **command;     /* as it stands: the compiler and its arguments */
	const char *source; /* the only one, or NULL */
	const struct set *set;
	struct prologue prologue;
};

static bool at_text(const struct cursor *c, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(c->end - c->at) >= length && memcmp(c->at, text, length) == 0;
}

/* A backslash can join lines, and so can its trigraph: where one stands, what is a comment and
 * what is not takes more than this to tell. */
static bool joins_lines(const struct cursor *c)
{
	return *c->at == '\\' || at_text(c, "?\?/");
}

static void skip_spaces(struct cursor *c)
{
	while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
		c->at++;
}

/* To the line's end, not past it; false when the line does not end there. */
static bool skip_line_comment(struct cursor *c)
{
	for (; c->at < c->end && *c->at != '\n'; c->at++) {
		if (joins_lines(c))
			return false;
	}
	return true;
}

static bool skip_block_comment(struct cursor *c)
{
	for (c->at += 2; c->at < c->end && !at_text(c, "*/"); c->at++) {
		if (joins_lines(c))
			return false;
		if (*c->at == '\n')
			c->line++;
	}
	if (c->at == c->end)
		return false;
	c->at += 2;
	return true;
}

/* Past blank lines and comments; false at what cannot be judged. */
static bool skip_blank(struct cursor *c)
{
	for (;;) {
		skip_spaces(c);
		if (c->at == c->end)
			return true;
		if (at_text(c, "//")) {
			if (!skip_line_comment(c))
				return false;
		} else if (at_text(c, "/*")) {
			if (!skip_block_comment(c))
				return false;
		} else if (at_text(c, "\r\n")) {
			c->at++;
		} else if (*c->at == '\n') {
			c->at++;
			c->line++;
		} else {
			return true;
		}
	}
}

static bool is_header_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("_+-./", c) != NULL;
}

/* Only names that cannot lead out of the system's folders, to a file of the program. */
static bool read_header_name(struct cursor *c, char name[HEADER_NAME_BYTES])
{
	size_t length = 0;

	for (; c->at < c->end && *c->at != '>'; c->at++) {
		if (*c->at == '\0' || !is_header_character(*c->at) ||
		    length + 1 == HEADER_NAME_BYTES)
			return false;
		name[length++] = *c->at;
	}
	name[length] = '\0';
	if (c->at == c->end || length == 0 || name[0] == '/' || strstr(name, "..") != NULL)
		return false;
	c->at++;
	return true;
}

/* "#include <header>" and nothing else on its line but a comment to the line's end. */
static bool read_include(struct cursor *c, struct include *include)
{
	if (!at_text(c, "#"))
		return false;
	c->at++;
	skip_spaces(c);
	if (!at_text(c, "include"))
		return false;
	c->at += strlen("include");
	skip_spaces(c);
	if (!at_text(c, "<"))
		return false;
	c->at++;
	include->line = c->line;
	if (!read_header_name(c, include->header))
		return false;
	skip_spaces(c);
	if (at_text(c, "//"))
		return skip_line_comment(c);
	return c->at == c->end || *c->at == '\n' || at_text(c, "\r\n");
}

static void read_prologue(struct prologue *prologue, const struct text *source)
{
	struct cursor c = {source->data, source->data + source->length, 1};

	while (prologue->count < PROLOGUE_INCLUDES_MAX && skip_blank(&c) &&
	       read_include(&c, &prologue->includes[prologue->count]))
		prologue->count++;
}

static bool includes(const struct prologue *prologue, const char *header)
{
	for (size_t i = 0; i < prologue->count; i++) {
		if (strcmp(prologue->includes[i].header, header) == 0)
			return true;
	}
	return false;
}

static const struct set *choose_set(const struct prologue *prologue)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		size_t held = 0;

		while (held < SET_HEADERS_MAX && sets[i].headers[held] != NULL &&
		       includes(prologue, sets[i].headers[held]))
			held++;
		if (held == SET_HEADERS_MAX || sets[i].headers[held] == NULL)
			return &sets[i];
	}
	return NULL;
}

static bool read_all(int fd, struct text *text, size_t length_max)
{
	text->data = malloc(length_max);
	if (text->data == NULL)
		return false;
	while (text->length < length_max) {
		ssize_t n = read(fd, text->data + text->length, length_max - text->length);

		if (n == 0)
			return true;
		if (n > 0)
			text->length += (size_t)n;
		else if (errno != EINTR)
			return false;
	}
	return false;
}

static void plan_header(struct plan *plan)
{
	struct text source = {0};
	FILE *file = fopen(plan->source, "re");

	if (file == NULL)
		return;
	if (read_all(fileno(file), &source, SOURCE_BYTES_MAX)) {
		read_prologue(&plan->prologue, &source);
		plan->set = choose_set(&plan->prologue);
	}
	free(source.data);
	(void)fclose(file);
}

/* False for a command that is left as it is: with two sources a precompiled header would have to
 * fit both, and bfd compares their symbols in ways that gold does not. */
static bool plan_make(struct plan *plan, char **command)
{
	size_t sources = 0;
	size_t count = 1;

	plan->command = command;
	for (; command[count] != NULL; count++) {
		if (strcmp(command[count], "-o") == 0 && command[count + 1] != NULL) {
			count++;
		} else if (command[count][0] != '-') {
			plan->source = command[count];
			sources++;
		}
	}
	if (sources != 1 || count > COMMAND_ARGS_MAX)
		return false;
	if (strstr(command[0], "g++") != NULL)
		plan_header(plan);
	return true;
}

/* The command with its additions, its standard error in a pipe: all that it says there. False when
 * that is not to be had, or too much. */
static bool run_quickly(const struct plan *plan, int *ret_status, struct text *said)
{
	static char gold[] = "-fuse-ld=gold", warn[] = "-Wl,--warn-execstack"; /* as bfd does */
	static char include[] = "-include";
	static char *argv[COMMAND_ARGS_MAX + 8];
	char header[sizeof(PRECOMPILED) + HEADER_NAME_BYTES];
	posix_spawn_file_actions_t actions;
	size_t count = 0;
	int ends[2];
	pid_t pid;
	bool whole;

	argv[count++] = plan->command[0];
	argv[count++] = gold;
	argv[count++] = warn;
	if (plan->set != NULL) {
		(void)snprintf(header, sizeof(header), PRECOMPILED "%s.h", plan->set->name);
		argv[count++] = include;
		argv[count++] = header;
	}
	for (size_t i = 1; plan->command[i] != NULL; i++)
		argv[count++] = plan->command[i];
	if (pipe2(ends, O_CLOEXEC) < 0 || posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO) != 0 ||
	    posix_spawn(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		return false;
	(void)close(ends[1]);
	whole = read_all(ends[0], said, SAID_BYTES_MAX);
	(void)close(ends[0]); /* too much was said: the next word ends it */
	return waitpid(pid, ret_status, 0) == pid && whole;
}

/* What the linker says, gold says in other words; and a template that is specialized too late may
 * be early enough where nothing was instantiated ahead. */
static bool said_otherwise(const char *said)
{
	return strstr(said, "collect2") != NULL || strstr(said, "ld.gold") != NULL ||
	       strstr(said, ".o:") != NULL || strstr(said, "after instantiation") != NULL;
}

/* The program has the set's headers first, in the set's order: then each is included from there,
 * and a line of the one stands for a line of the other. */
static bool set_leads(const struct plan *plan)
{
	for (size_t i = 0; i < SET_HEADERS_MAX && plan->set->headers[i] != NULL; i++) {
		if (i >= plan->prologue.count ||
		    strcmp(plan->prologue.includes[i].header, plan->set->headers[i]) != 0)
			return false;
	}
	return true;
}

/* "In file included from …" and "                 from …" begin a line; a line of the program that
 * is quoted does not begin like that. */
static bool is_trace(const char *said, const char *from)
{
	static const char first[] = "In file included ";
	size_t length = strlen(first);
	const char *start;

	if ((size_t)(from - said) < length)
		return false;
	start = from - length;
	if (start > said && start[-1] != '\n')
		return false;
	return memcmp(start, first, length) == 0 || strspn(start, " ") == length;
}

/* After "from PRECOMPILED": the line in the set's header, as a line of the program; 0 when it is
 * none. Sets *rest to what follows it. */
static unsigned program_line(const struct plan *plan, const char *place, const char **rest)
{
	size_t length = strlen(plan->set->name);
	char *after;
	unsigned long line;

	if (strncmp(place, plan->set->name, length) != 0 || strncmp(place + length, ".h:", 3) != 0)
		return 0;
	line = strtoul(place + length + 3, &after, 10);
	*rest = after;
	if (line < 1 || line > SET_HEADERS_MAX || plan->set->headers[line - 1] == NULL)
		return 0;
	return plan->prologue.includes[line - 1].line;
}

/* Prints what was said with the program's own includes in place of the set's; false, and nothing
 * printed, when some mention of the set would be left. */
static bool restore_traces(const struct plan *plan, const char *said)
{
	static const char mention[] = "from " PRECOMPILED;
	char *restored = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&restored, &length);
	const char *start = said;
	const char *found;
	bool good;

	if (out == NULL)
		return false;
	while ((found = strstr(said, mention)) != NULL) {
		const char *rest = found;
		unsigned line = program_line(plan, found + strlen(mention), &rest);

		if (line == 0 || !is_trace(start, found))
			break;
		(void)fprintf(out, "%.*sfrom %s:%u", (int)(found - said), said, plan->source, line);
		said = rest;
	}
	(void)fputs(said, out);
	good = fclose(out) == 0 && strstr(restored, PRECOMPILED) == NULL;
	if (good)
		(void)fwrite(restored, 1, length, stderr);
	free(restored);
	return good;
}

/* Whether what was said can be passed on, and then it was. */
static bool pass_on(const struct plan *plan, const struct text *said)
{
	if (memchr(said->data, '\0', said->length) != NULL)
		return false;
	said->data[said->length] = '\0'; /* read_all() leaves room: less than the most was read */
	if (said_otherwise(said->data))
		return false;
	if (plan->set == NULL)
		return fwrite(said->data, 1, said->length, stderr) == said->length;
	return set_leads(plan) && restore_traces(plan, said->data);
}

static int print_sets(void)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		(void)printf("%s", sets[i].name);
		for (size_t j = 0; j < SET_HEADERS_MAX && sets[i].headers[j] != NULL; j++)
			(void)printf(" %s", sets[i].headers[j]);
		(void)printf("\n");
	}
	return 0;
}

int main(int argc, char **argv)
{
	static struct plan plan;
	struct text said = {0};
	int status;

	if (argc < 2) {
		(void)fputs("usage: kiln-cc COMPILER ARGUMENTS…\n       kiln-cc --sets\n", stderr);
		return 2;
	}
	if (strcmp(argv[1], "--sets") == 0)
		return print_sets();
	if (plan_make(&plan, argv + 1) && run_quickly(&plan, &status, &said) && WIFEXITED(status)) {
		if (status == 0 && said.length == 0)
			return 0;
		if (said.length > 0 && pass_on(&plan, &said))
			return WEXITSTATUS(status);
	}
	execv(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
