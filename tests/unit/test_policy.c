#include "policy/policy.h"

#include "base/clock.h"
#include "base/sync.h"
#include "job/job.h"
#include "job/result.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

#define MIB ((size_t)1024 * 1024)
#define THREADS 4

static const struct profile profile = {.subject = "compiler.execute.request"};

static const char rules_text[] =
	"{\"rules\": {"
	" \"python\": [{\"name\": \"eval\", \"pattern\": \"\\\\beval\\\\(\","
	"               \"reason\": \"no eval\"},"
	"              {\"name\": \"last\", \"pattern\": \"(?<=end)\\\\z\"}],"
	" \"c\": [{\"name\": \"asm\", \"pattern\": \"\\\\basm\\\\b\"}],"
	" \"*\": [{\"name\": \"all\", \"pattern\": \"secret\"}]}}";

static struct bytes copy(const char *text, size_t length)
{
	struct bytes bytes = {.data = malloc(length + 1), .length = length};

	assert_non_null(bytes.data);
	memcpy(bytes.data, text, length);
	return bytes;
}

static struct job *new_job(const char *language, const char *code)
{
	struct job *job = job_new(&profile);

	assert_non_null(job);
	job->language = strdup(language);
	job->code = copy(code, strlen(code));
	return job;
}

/* A job whose code is `length` times this byte. */
static struct job *new_long_job(char byte, size_t length)
{
	struct job *job = job_new(&profile);

	job->language = strdup("c");
	job->code.data = malloc(length);
	assert_non_null(job->code.data);
	memset(job->code.data, byte, length);
	job->code.length = length;
	return job;
}

static void add_file(struct job *job, const char *content)
{
	job->files = calloc(1, sizeof(*job->files));
	job->files[0].name = strdup("other");
	job->files[0].content = copy(content, strlen(content));
	job->files_count = 1;
}

static struct policy *parse(const char *text)
{
	struct err err = {0};
	struct policy *policy = policy_parse(text, strlen(text), &err);

	if (policy == NULL)
		fail_msg("%s", err.text);
	return policy;
}

static struct policy_finding check(const struct policy *policy, const struct job *job)
{
	struct policy_finding finding = {.outcome = POLICY_UNDECIDED};

	assert_int_equal(policy_check(policy, job, &finding), 0);
	return finding;
}

/* `rule`: the one that matches, or NULL. Frees the job. */
static void assert_finds(const struct policy *policy, struct job *job, const char *rule)
{
	struct policy_finding finding = check(policy, job);

	assert_int_equal(finding.outcome, rule == NULL ? POLICY_PASS : POLICY_MATCH);
	if (rule == NULL)
		assert_null(finding.rule);
	else
		assert_string_equal(finding.rule, rule);
	job_free(job);
}

static int64_t used_ms(void)
{
	struct timespec used;

	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used), 0);
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / NS_PER_MS;
}

static void rules_are_for_a_language_or_for_all(void **state)
{
	struct policy *policy = parse(rules_text);

	(void)state;
	assert_int_equal(policy_rules_count(policy), 4);
	assert_finds(policy, new_job("python", "x = eval(y)"), "eval");
	assert_finds(policy, new_job("python", "asm"), NULL);
	assert_finds(policy, new_job("c", "x = eval(y)"), NULL);
	assert_finds(policy, new_job("c", "asm(\"\")"), "asm");
	assert_finds(policy, new_job("c", "secret"), "all");
	assert_finds(policy, new_job("ruby", "secret"), "all");
	assert_finds(policy, new_job("ruby", "eval( asm end"), NULL);
	policy_free(policy);
	policy_free(NULL);
}

static void the_first_rule_wins_and_those_of_all_languages_come_first(void **state)
{
	struct policy *policy = parse(rules_text);

	(void)state;
	assert_finds(policy, new_job("python", "eval( secret"), "all");
	assert_finds(policy, new_job("python", "eval( end"), "eval");
	policy_free(policy);
}

static void an_empty_program_passes(void **state)
{
	struct policy *policy = parse(rules_text);
	struct job *job = new_job("python", "");

	(void)state;
	free(job->code.data);
	job->code.data = NULL;
	assert_finds(policy, job, NULL);
	policy_free(policy);
}

static void files_are_looked_through_as_well(void **state)
{
	struct policy *policy = parse(rules_text);
	struct job *job = new_job("python", "import other");

	(void)state;
	add_file(job, "x = eval(y)");
	assert_finds(policy, job, "eval");
	job = new_job("python", "import other");
	add_file(job, "x = 1");
	assert_finds(policy, job, NULL);
	policy_free(policy);
}

static void a_program_is_bytes(void **state)
{
	struct policy *policy = parse(rules_text);
	struct job *job = job_new(&profile);

	(void)state;
	job->language = strdup("python");
	job->code = copy("\0\xff\xc3(\0eval(", 10);
	assert_finds(policy, job, "eval");
	policy_free(policy);
}

/* At, before and behind each place where a window can end. */
static void a_match_is_found_at_every_place(void **state)
{
	struct policy *policy = parse(rules_text);

	(void)state;
	for (size_t at = 0; at < 5000; at++) {
		struct job *job = new_long_job(' ', 5000 + 3);

		memcpy(job->code.data + at, "asm", 3);
		assert_finds(policy, job, "asm");
	}
	for (size_t length = 3; length < 3000; length++) {
		struct job *job = new_long_job(' ', length);

		free(job->language);
		job->language = strdup("python");
		memcpy(job->code.data + length - 3, "end", 3);
		assert_finds(policy, job, "last");
	}
	policy_free(policy);
}

static void a_match_may_be_longer_than_a_window(void **state)
{
	struct policy *policy = parse("{\"rules\":{\"*\":[{\"name\":\"long\","
				      "\"pattern\":\"<a*+>|(?<=#a{200})!\"}]}}");
	struct job *job = new_long_job('a', 100000);

	(void)state;
	assert_finds(policy, job, NULL);
	job = new_long_job('a', 100000);
	job->code.data[10] = '<';
	job->code.data[99990] = '>';
	assert_finds(policy, job, "long");
	job = new_long_job('a', 100000);
	job->code.data[900] = '#';
	job->code.data[1101] = '!';
	assert_finds(policy, job, "long");
	policy_free(policy);
}

static void lines_end_in_three_ways(void **state)
{
	struct policy *policy = parse("{\"rules\":{\"*\":[{\"name\":\"line\","
				      "\"pattern\":\"(?m)^b$\"}]}}");

	(void)state;
	assert_finds(policy, new_job("c", "a\nb\nc"), "line");
	assert_finds(policy, new_job("c", "a\r\nb\r\nc"), "line");
	assert_finds(policy, new_job("c", "a\rb\rc"), "line");
	assert_finds(policy, new_job("c", "a b c"), NULL);
	policy_free(policy);
}

/* Each of these takes minutes or more on a mebibyte without a bound. */
static void no_program_takes_long_to_check(void **state)
{
	static const char *const patterns[] = {
		"[ab]*[cd]",           /* runs of a class: not counted by PCRE2's limits */
		"\\\\w+\\\\s*[(]",
		"\\\\s*=|a*b|c",
		"(*NO_JIT)[ab]*[cd]",
		"(?:a|aa)+[xy]",       /* back and forth: counted */
		"(*NO_JIT)(a+)+[xy]",
		"(?:a|b|ab){0,50}[x-z]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		char text[200];
		struct policy *policy;
		struct job *job = new_long_job('a', MIB);
		struct policy_finding finding;
		int64_t before_ms;

		(void)snprintf(text, sizeof(text),
			       "{\"rules\":{\"*\":[{\"name\":\"slow\",\"pattern\":\"%s\"}]}}",
			       patterns[i]);
		policy = parse(text);
		before_ms = used_ms();
		finding = check(policy, job);
		/* The bound is 350 ms in a release build; a sanitizer's is slower. */
		assert_in_range(used_ms() - before_ms, 0, 2000);
		if (finding.outcome != POLICY_PASS)
			assert_int_equal(finding.outcome, POLICY_UNDECIDED);
		job_free(job);
		policy_free(policy);
	}
}

static void what_cannot_be_decided_is_said(void **state)
{
	struct policy *policy = parse("{\"rules\":{\"*\":[{\"name\":\"slow\","
				      "\"pattern\":\"(*NO_JIT)(?:a|aa)+[xy]\","
				      "\"reason\":\"no\"}]}}");
	struct job *job = new_long_job('a', 1000);
	int64_t before_ms = used_ms();
	struct policy_finding finding = check(policy, job);
	struct result refusal;

	(void)state;
	/* The steps of one attempt are bounded too, not the time between attempts alone. */
	assert_in_range(used_ms() - before_ms, 0, 100);
	assert_int_equal(finding.outcome, POLICY_UNDECIDED);
	assert_string_equal(finding.rule, "slow");
	result_init(&refusal, 0);
	policy_refuse(&finding, &refusal);
	assert_int_equal(refusal.verdict, VERDICT_REJECTED);
	assert_string_equal(refusal.error,
			    "code takes too long to check for disallowed pattern: slow");
	result_fini(&refusal);
	job_free(job);
	policy_free(policy);
}

/* What machine code has no stack for, the interpreter has memory for. */
static void a_deep_match_is_decided(void **state)
{
	struct policy *policy = parse("{\"rules\":{\"*\":[{\"name\":\"deep\","
				      "\"pattern\":\"<(?:a|(b))*>\"}]}}");
	struct job *job = new_long_job('a', 4000);

	(void)state;
	job->code.data[0] = '<';
	job->code.data[3999] = '>';
	assert_finds(policy, job, "deep");
	policy_free(policy);
}

static void a_refusal_says_the_reason(void **state)
{
	static const struct {
		const char *code, *error;
	} rows[] = {
		{"eval(", "no eval"},
		{"secret", "code contains disallowed pattern: all"},
	};
	struct policy *policy = parse(rules_text);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct job *job = new_job("python", rows[i].code);
		struct policy_finding finding = check(policy, job);
		struct result refusal;

		result_init(&refusal, 0);
		policy_refuse(&finding, &refusal);
		assert_int_equal(refusal.verdict, VERDICT_REJECTED);
		assert_string_equal(refusal.error, rows[i].error);
		result_fini(&refusal);
		job_free(job);
	}
	policy_free(policy);
}

static void every_allocation_of_a_check_may_fail(void **state)
{
	struct policy *policy = parse("{\"rules\":{\"*\":[{\"name\":\"deep\","
				      "\"pattern\":\"(*NO_JIT)<(?:a|(b))*>\"}]}}");
	struct job *job = new_long_job('a', 4000);
	bool failed = true;
	unsigned n;

	(void)state;
	job->code.data[0] = '<';
	job->code.data[3999] = '>';
	for (n = 1; n <= ALLOC_RUNS && failed; n++) {
		struct policy_finding finding = {.outcome = POLICY_PASS};
		int result;

		alloc_fail_at(n);
		result = policy_check(policy, job, &finding);
		failed = alloc_failed();
		alloc_fail_at(0);
		assert_int_equal(result, failed ? -ENOMEM : 0);
		assert_int_equal(finding.outcome, failed ? POLICY_PASS : POLICY_MATCH);
	}
	assert_in_range(n, 4, ALLOC_RUNS);
	job_free(job);
	policy_free(policy);
}

static void *check_many_times(void *arg)
{
	const struct policy *policy = arg;
	struct job *bad = new_job("python", "x = eval(y)");
	struct job *good = new_job("python", "x = value(y)");
	uintptr_t wrong = 0;

	for (unsigned i = 0; i < 2000; i++) {
		struct policy_finding finding;

		wrong += policy_check(policy, bad, &finding) != 0 ||
			 finding.outcome != POLICY_MATCH || strcmp(finding.rule, "eval") != 0;
		wrong += policy_check(policy, good, &finding) != 0 ||
			 finding.outcome != POLICY_PASS;
	}
	job_free(bad);
	job_free(good);
	return (void *)wrong;
}

static void threads_share_a_policy(void **state)
{
	struct policy *policy = parse(rules_text);
	pthread_t threads[THREADS];

	(void)state;
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(thread_start(&threads[i], "check", check_many_times, policy), 0);
	for (unsigned i = 0; i < THREADS; i++) {
		void *wrong;

		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
	policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_for_a_language_or_for_all),
		cmocka_unit_test(the_first_rule_wins_and_those_of_all_languages_come_first),
		cmocka_unit_test(an_empty_program_passes),
		cmocka_unit_test(files_are_looked_through_as_well),
		cmocka_unit_test(a_program_is_bytes),
		cmocka_unit_test(a_match_is_found_at_every_place),
		cmocka_unit_test(a_match_may_be_longer_than_a_window),
		cmocka_unit_test(lines_end_in_three_ways),
		cmocka_unit_test(no_program_takes_long_to_check),
		cmocka_unit_test(what_cannot_be_decided_is_said),
		cmocka_unit_test(a_deep_match_is_decided),
		cmocka_unit_test(a_refusal_says_the_reason),
		cmocka_unit_test(every_allocation_of_a_check_may_fail),
		cmocka_unit_test(threads_share_a_policy),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
