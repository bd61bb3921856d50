/* A rules file of any bytes: it becomes a policy that can be used, or is refused with a line that
 * says why. */
#include "policy/policy.h"

#include "job/job.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const struct profile profile = {.subject = "compiler.execute.request"};

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void use(const struct policy *policy)
{
	static const char code[] = "int main(void) { return eval(\"aaaaaaaaaaaaaaaa\"); }\n";
	struct job *job = job_new(&profile);
	struct policy_finding finding;

	job->language = strdup("c");
	job->code.data = (uint8_t *)strdup(code);
	job->code.length = strlen(code);
	check(policy_check(policy, job, &finding) == 0);
	check((finding.outcome == POLICY_PASS) == (finding.rule == NULL));
	if (finding.rule != NULL)
		check(strlen(finding.rule) <= POLICY_NAME_BYTES_MAX && finding.text[0] != '\0');
	job_free(job);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct err err = {0};
	struct policy *policy = policy_parse((const char *)data, length, &err);

	if (policy == NULL) {
		check(err.code < 0 && err.text[0] != '\0' && strchr(err.text, '\n') == NULL);
		return 0;
	}
	check(policy_rules_count(policy) > 0 && policy_rules_count(policy) <= POLICY_RULES_MAX);
	use(policy);
	policy_free(policy);
	return 0;
}
