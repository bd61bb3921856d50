/* A program of any bytes: each rule finds what PCRE2 finds in the whole of it at once, so that no
 * match is lost between two windows, and none is invented. */
#include "policy/policy.h"

#include "job/job.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATTERNS (sizeof(patterns) / sizeof(patterns[0]))

static const char *const patterns[] = {
	"(?<![\\w.])eval\\s*\\(",
	"<[^>]{0,3000}>",
	"(?m)^[ \\t]*import[ \\t]+(?:\\w+[ \\t]*,[ \\t]*){0,5}os\\b",
	"a(?=.{0,2000}b)",
	"(?<=0{300})1",
	"(?:x|(y))+z\\z",
};

static const struct profile profile = {.subject = "compiler.execute.request"};
static struct policy *policies[PATTERNS];
static pcre2_code *codes[PATTERNS];

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* The pattern as a string of JSON. */
static void escape(const char *pattern, char *text)
{
	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '\\')
			*text++ = '\\';
		*text++ = *pattern;
	}
	*text = '\0';
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);

	(void)argc;
	(void)argv;
	check(pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF) == 0);
	for (size_t i = 0; i < PATTERNS; i++) {
		char escaped[200], text[300];
		size_t offset;
		int code;

		escape(patterns[i], escaped);
		(void)snprintf(text, sizeof(text),
			       "{\"rules\":{\"*\":[{\"name\":\"a\",\"pattern\":\"%s\"}]}}",
			       escaped);
		policies[i] = policy_parse(text, strlen(text), NULL);
		codes[i] = pcre2_compile((PCRE2_SPTR)patterns[i], PCRE2_ZERO_TERMINATED, 0, &code,
					 &offset, context);
		check(policies[i] != NULL && codes[i] != NULL);
	}
	pcre2_compile_context_free(context);
	return 0;
}

static bool is_in(const pcre2_code *code, const uint8_t *data, size_t length)
{
	pcre2_match_data *match = pcre2_match_data_create(1, NULL);
	int found = pcre2_match(code, data, length, 0, 0, match, NULL);

	pcre2_match_data_free(match);
	check(found >= 0 || found == PCRE2_ERROR_NOMATCH);
	return found >= 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct job *job = job_new(&profile);

	job->language = strdup("any");
	job->code.data = malloc(length + 1);
	memcpy(job->code.data, data, length);
	job->code.length = length;
	for (size_t i = 0; i < PATTERNS; i++) {
		struct policy_finding finding;

		check(policy_check(policies[i], job, &finding) == 0);
		/* What PCRE2 would take more steps for than it may. */
		if (finding.outcome == POLICY_UNDECIDED)
			continue;
		check((finding.outcome == POLICY_MATCH) == is_in(codes[i], data, length));
	}
	job_free(job);
	return 0;
}
