/* languages: what the worker image can run, as the newest agent's HELLO told it.
 *
 * Threads:   any function, any thread.
 * Ownership: the registry owns its table; callers get copies. */
#ifndef KILN_LANGUAGES_LANGUAGES_H
#define KILN_LANGUAGES_LANGUAGES_H

#include "frame/hello.h"

struct job;
struct languages;
struct result;

struct languages *languages_new(void); /* NULL: out of memory */
void languages_free(struct languages *languages);

/* Takes over the languages of a HELLO, in place of those before. */
void languages_update(struct languages *languages, const struct hello *hello);

/* Looks up the job's language by name or alias and puts the language's own name in its place.
 * 0; -EAGAIN while no image has been seen, so that nobody can say; -EINVAL when the job cannot be
 * run by this image, and then `refusal` (made ready by result_init) is the result; -ENOMEM. */
int languages_admit(struct languages *languages, struct job *job, struct result *refusal);

/* A copy of all; a hello without languages while no image has been seen. */
void languages_copy(struct languages *languages, struct hello *ret_hello);

#endif
