/* A program is looked through in windows, because PCRE2 cannot be told a time. Its limits count
 * anew at each place where a match may begin, and runs of one class of characters it does not count
 * at all: [ab]*[cd] on a mebibyte of "a" would take minutes within any limit. So a call may try
 * only the places of one window, and between two of them the time is looked at. */
#include "policy/policy.h"

#include "base/clock.h"
#include "job/job.h"
#include "job/result.h"
#include "policy/rules.h"

#include <errno.h>
#include <string.h>
#include <time.h>

/* Of the processor, not of the wall clock: a thread that has to wait for its turn is not a slow
 * program. The rules that ship take a twentieth of it, or a quarter where they are interpreted. */
#define BUDGET_NS (50 * NS_PER_MS)
#define BUDGET_NS_PER_BYTE 200

/* An attempt reads at most what is left of the program, in about 0.7 ns a byte; it goes back and
 * forth at most STEPS_MAX times. These let one window take a tenth of a second at worst, and large
 * windows cost a small program next to nothing. */
#define WINDOW_READS_MAX ((size_t)128 * 1024 * 1024)
#define WINDOW_BYTES_MAX 1024
#define WINDOW_BYTES_MIN 16

struct scan {
	pcre2_match_context *bounds;
	pcre2_match_data *match;
	int64_t until_ns;   /* of the thread's processor time */
	int64_t look_at_ns; /* not before this can it have been used up */
};

static int64_t used_ns(void)
{
	struct timespec used;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * NS_PER_S + used.tv_nsec;
}

static int64_t budget_ns(const struct job *job)
{
	size_t bytes = job->code.length;

	for (size_t i = 0; i < job->files_count; i++)
		bytes += job->files[i].content.length;
	return BUDGET_NS + (int64_t)bytes * BUDGET_NS_PER_BYTE;
}

static int scan_begin(struct scan *scan, const struct policy *policy, const struct job *job)
{
	int64_t budget = budget_ns(job);

	scan->bounds = pcre2_match_context_copy(policy->bounds);
	scan->match = pcre2_match_data_create(1, policy->memory);
	if (scan->bounds == NULL || scan->match == NULL)
		return -ENOMEM;
	scan->until_ns = used_ns() + budget;
	scan->look_at_ns = clock_now_ns() + budget;
	return 0;
}

static void scan_end(struct scan *scan)
{
	pcre2_match_data_free(scan->match);
	pcre2_match_context_free(scan->bounds);
}

/* The wall clock is read without a system call, a thread's processor time is not. */
static bool is_used_up(struct scan *scan)
{
	int64_t now_ns = clock_now_ns(), left_ns;

	if (now_ns < scan->look_at_ns)
		return false;
	left_ns = scan->until_ns - used_ns();
	scan->look_at_ns = now_ns + left_ns;
	return left_ns <= 0;
}

static size_t window_bytes(size_t left)
{
	size_t bytes = WINDOW_READS_MAX / (left + 1);

	if (bytes > WINDOW_BYTES_MAX)
		return WINDOW_BYTES_MAX;
	return bytes < WINDOW_BYTES_MIN ? WINDOW_BYTES_MIN : bytes;
}

/* Tries a match at each place from `from` to `last`. */
static int try_window(const struct scan *scan, const struct rule *rule, PCRE2_SPTR data,
		      size_t length, size_t from, size_t last)
{
	int found;

	(void)pcre2_set_offset_limit(scan->bounds, last);
	found = pcre2_match(rule->code, data, length, from, 0, scan->match, scan->bounds);
	/* Machine code has 32 KiB of the thread's stack, the interpreter what the heap's limit
	 * allows. */
	if (found == PCRE2_ERROR_JIT_STACKLIMIT)
		found = pcre2_match(rule->code, data, length, from, PCRE2_NO_JIT, scan->match,
				    scan->bounds);
	return found;
}

/* 0 and the outcome, or -ENOMEM. */
static int scan_text(struct scan *scan, const struct rule *rule, const struct bytes *text,
		     enum policy_outcome *ret_outcome)
{
	static const uint8_t nothing;
	PCRE2_SPTR data = text->length > 0 ? text->data : &nothing;
	int found = PCRE2_ERROR_NOMATCH;

	/* A match may also begin at the end, behind the last byte. */
	for (size_t from = 0; from <= text->length && found == PCRE2_ERROR_NOMATCH;) {
		size_t last = from + window_bytes(text->length - from) - 1;

		found = try_window(scan, rule, data, text->length, from, last);
		if (found == PCRE2_ERROR_NOMATCH && is_used_up(scan))
			found = PCRE2_ERROR_MATCHLIMIT;
		from = last + 1;
	}
	if (found == PCRE2_ERROR_NOMEMORY)
		return -ENOMEM;
	if (found == PCRE2_ERROR_NOMATCH)
		*ret_outcome = POLICY_PASS;
	else
		*ret_outcome = found >= 0 ? POLICY_MATCH : POLICY_UNDECIDED;
	return 0;
}

static int scan_job(struct scan *scan, const struct rule *rule, const struct job *job,
		    enum policy_outcome *ret_outcome)
{
	int result = scan_text(scan, rule, &job->code, ret_outcome);

	for (size_t i = 0; i < job->files_count && result == 0 && *ret_outcome == POLICY_PASS; i++)
		result = scan_text(scan, rule, &job->files[i].content, ret_outcome);
	return result;
}

static bool is_for(const struct rule *rule, const struct job *job)
{
	return strcmp(rule->language, RULES_OF_ALL_LANGUAGES) == 0 ||
	       strcmp(rule->language, job->language) == 0;
}

static int try_rules(struct scan *scan, const struct policy *policy, const struct job *job,
		     struct policy_finding *ret_finding)
{
	for (size_t i = 0; i < policy->count; i++) {
		const struct rule *rule = &policy->rules[i];
		enum policy_outcome outcome;
		int result;

		if (!is_for(rule, job))
			continue;
		result = scan_job(scan, rule, job, &outcome);
		if (result < 0)
			return result;
		if (outcome != POLICY_PASS) {
			*ret_finding = (struct policy_finding){outcome, rule->name, rule->text};
			return 0;
		}
	}
	*ret_finding = (struct policy_finding){.outcome = POLICY_PASS};
	return 0;
}

int policy_check(const struct policy *policy, const struct job *job,
		 struct policy_finding *ret_finding)
{
	struct scan scan = {0};
	int result = scan_begin(&scan, policy, job);

	if (result == 0)
		result = try_rules(&scan, policy, job, ret_finding);
	scan_end(&scan);
	return result;
}

void policy_refuse(const struct policy_finding *finding, struct result *refusal)
{
	if (finding->outcome == POLICY_MATCH)
		result_refuse(refusal, VERDICT_REJECTED, "%s", finding->text);
	else
		result_refuse(refusal, VERDICT_REJECTED,
			      "code takes too long to check for disallowed pattern: %s",
			      finding->rule);
}

size_t policy_rules_count(const struct policy *policy)
{
	return policy->count;
}

bool policy_is_compiled(const struct policy *policy)
{
	return policy->compiled;
}
