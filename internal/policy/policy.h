/* policy: refuses programs by patterns, as an operator wrote them into a rules file.
 *
 * It keeps the promise of services that read code for what they forbid, and their texts. It is no
 * wall: who wants to get past a pattern writes the same thing in another way. What a program can do
 * is decided by the container and the sandbox alone.
 *
 * The rules file is JSON:
 *
 *	{"about": "…", "rules": {"*": [RULE, …], "python": [RULE, …], …}}
 *	RULE = {"name": "python-eval", "pattern": "\\beval\\s*\\(", "reason": "…"}
 *
 * The rules of "*" are for every language, the others for the language with this name, which is the
 * image's own and no alias. The pattern is a regular expression of PCRE2 on bytes; its options are
 * written in it, such as (?i) or (?m); a line ends with LF, CR or both. The reason is what a
 * refused request gets as its error, and may be absent. Nothing else may stand in the file.
 *
 * Threads:   policy_check on any thread; a policy does not change once it is made.
 * Ownership: policy_free() frees; a finding borrows from the policy. */
#ifndef KILN_POLICY_POLICY_H
#define KILN_POLICY_POLICY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct job;
struct policy;
struct result;

#define POLICY_FILE_BYTES_MAX ((size_t)256 * 1024)
#define POLICY_RULES_MAX 256
#define POLICY_NAME_BYTES_MAX 63
#define POLICY_PATTERN_BYTES_MAX 2048
#define POLICY_REASON_BYTES_MAX 200

/* NULL when the file cannot be read or something in it is wrong; then err names the file, the rule
 * and the reason. */
struct policy *policy_load(const char *path, struct err *err);

/* The same of a text; err does not name a file. */
struct policy *policy_parse(const char *text, size_t length, struct err *err);
void policy_free(struct policy *policy); /* accepts NULL */

size_t policy_rules_count(const struct policy *policy);

/* Whether all patterns are machine code. Where memory may not be both written and executed they
 * are interpreted, which takes up to ten times as long. */
bool policy_is_compiled(const struct policy *policy);

enum policy_outcome {
	POLICY_PASS,
	POLICY_MATCH,     /* the first rule that matches, those of "*" before the language's own */
	POLICY_UNDECIDED, /* the bound on time or memory was reached while this rule was tried */
};

struct policy_finding {
	enum policy_outcome outcome;
	const char *rule; /* its name; NULL for POLICY_PASS */
	const char *text; /* what a refusal for a match says */
};

/* Looks through the program and each of its files. The job's language is the image's own name.
 * Takes at most 50 ms of the processor's time and 200 ms more for each MiB, and a tenth of a second
 * beyond that, whatever the patterns and the program are. 0 or -ENOMEM. */
int policy_check(const struct policy *policy, const struct job *job,
		 struct policy_finding *ret_finding);

/* The result of a job that is refused for this finding, which is not POLICY_PASS. What is undecided
 * is refused too: else a program would get past a slow pattern by being long. */
void policy_refuse(const struct policy_finding *finding, struct result *refusal);

#endif
