/* rules: what a rules file becomes. Internal to policy/; policy.h describes the file. */
#ifndef KILN_POLICY_RULES_H
#define KILN_POLICY_RULES_H

#include "policy/policy.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define RULES_OF_ALL_LANGUAGES "*"

struct rule {
	char *language;
	char *name;
	char *text;
	pcre2_code *code;
};

struct policy {
	pcre2_general_context *memory;
	pcre2_match_context *bounds; /* to be copied: a match changes its context */
	bool compiled;
	size_t count;
	struct rule rules[POLICY_RULES_MAX];
};

#endif
