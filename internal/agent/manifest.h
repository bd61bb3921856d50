/* manifest: the languages of the image, read once at the agent's start.
 *
 * Each is a folder of LANGUAGES_PATH with language.json (worker-image/README.md describes it) and
 * `version`, one line that the image's build wrote. They come with the image and are trusted. */
#ifndef KILN_AGENT_MANIFEST_H
#define KILN_AGENT_MANIFEST_H

#include "base/err.h"
#include "frame/hello.h"

#include <stdbool.h>
#include <stddef.h>

#define LANGUAGES_PATH "/opt/kiln/languages"
#define MANIFEST_ARGS_MAX 32

/* Stands in a compile command for the program's file and the request's others of its extension. */
#define MANIFEST_SOURCES "{sources}"

struct manifest {
	struct language language;
	char **compile;     /* ends with NULL; NULL for a language that is interpreted */
	char **run;         /* ends with NULL */
	char *artifact;     /* the one file that the compiler makes; NULL: none, or more */
	char **environment; /* "NAME=value", ends with NULL; the whole environment of its stages */
	char **warm;        /* what stands ready, or forks who does (standby.h); NULL: nothing */
	bool warm_forks;
};

/* An array to keep for the agent's life, in the order of the folders' names. */
int manifest_load_all(const char *path, struct manifest **ret_manifests, size_t *ret_count,
		      struct err *err);

#endif
