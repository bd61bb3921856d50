#include "languages/languages.h"

#include "base/clock.h"
#include "base/sync.h"
#include "job/job.h"
#include "job/result.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

static const struct hello first = {
	.version = "1",
	.languages_count = 2,
	.languages = {{.name = "python", .file = "main.py", .aliases_count = 1, .aliases = {"py"}},
		      {.name = "c", .file = "main.c"}},
};
static const struct hello second = {
	.version = "2",
	.languages_count = 2,
	.languages = {{.name = "rust", .file = "main.rs", .aliases_count = 1, .aliases = {"py"}},
		      {.name = "c", .file = "main.c"}},
};

static const struct profile profile = {.subject = "compiler.execute.request"};

/* A job as wire makes one, for the language and with a file of this name. */
static struct job *new_job(const char *language, const char *file)
{
	struct job *job = job_new(&profile);

	job->language = strdup(language);
	job->files = calloc(1, sizeof(*job->files));
	job->files[0].name = strdup(file);
	job->files_count = 1;
	return job;
}

static void nothing_is_known_before_an_image_was_seen(void **state)
{
	struct languages *languages = languages_new();
	struct job *job = new_job("python", "data");
	static struct hello hello;
	struct result refusal;

	(void)state;
	result_init(&refusal, 0);
	assert_int_equal(languages_admit(languages, job, &refusal), -EAGAIN);
	assert_string_equal(job->language, "python");
	languages_copy(languages, &hello);
	assert_int_equal(hello.languages_count, 0);
	result_fini(&refusal);
	job_free(job);
	languages_free(languages);
	languages_free(NULL);
}

/* `name`: the language's own name, or NULL and the error of the refusal. */
static void assert_admits(struct languages *languages, const char *language, const char *file,
			  const char *name, const char *error)
{
	struct job *job = new_job(language, file);
	struct result refusal;

	result_init(&refusal, 0);
	assert_int_equal(languages_admit(languages, job, &refusal), name != NULL ? 0 : -EINVAL);
	assert_string_equal(job->language, name != NULL ? name : language);
	if (name == NULL) {
		assert_int_equal(refusal.verdict, VERDICT_REJECTED);
		assert_string_equal(refusal.error, error);
	}
	result_fini(&refusal);
	job_free(job);
}

static void the_newest_image_counts(void **state)
{
	struct languages *languages = languages_new();
	static struct hello hello;

	(void)state;
	languages_update(languages, &first);
	assert_admits(languages, "py", "data", "python", NULL);
	assert_admits(languages, "PY", "data", "python", NULL);
	assert_admits(languages, "c", "data", "c", NULL);
	assert_admits(languages, "rust", "data", NULL, "unsupported language: rust");

	languages_update(languages, &second);
	assert_admits(languages, "py", "data", "rust", NULL);
	assert_admits(languages, "python", "data", NULL, "unsupported language: python");
	languages_copy(languages, &hello);
	assert_memory_equal(&hello, &second, sizeof(hello));
	languages_free(languages);
}

static void no_file_takes_the_programs_place(void **state)
{
	struct languages *languages = languages_new();

	(void)state;
	languages_update(languages, &first);
	assert_admits(languages, "py", "main.py", NULL,
		      "field 'files[0].name': 'main.py' is the program itself");
	assert_admits(languages, "py", "main.py/x", NULL,
		      "field 'files[0].name': 'main.py' is the program itself");
	assert_admits(languages, "py", "main.pyx", "python", NULL);
	assert_admits(languages, "c", "main.py", "c", NULL);
	assert_admits(languages, "py", "lib/main.py", "python", NULL);
	languages_free(languages);
}

static void memory_that_is_gone_leaves_the_job_as_it_was(void **state)
{
	struct languages *languages = languages_new();
	struct job *job = new_job("py", "data");
	struct result refusal;

	(void)state;
	languages_update(languages, &first);
	result_init(&refusal, 0);
	alloc_fail_at(1);
	assert_int_equal(languages_admit(languages, job, &refusal), -ENOMEM);
	alloc_fail_at(0);
	assert_string_equal(job->language, "py");
	result_fini(&refusal);
	job_free(job);
	languages_free(languages);
}

struct shared {
	struct languages *languages;
	atomic_bool stop;
};

static void *update_all_the_time(void *arg)
{
	struct shared *shared = arg;

	while (!atomic_load(&shared->stop)) {
		languages_update(shared->languages, &first);
		languages_update(shared->languages, &second);
	}
	return NULL;
}

static void readers_see_one_image_at_a_time(void **state)
{
	struct shared shared = {.languages = languages_new()};
	static struct hello hello;
	pthread_t thread;

	(void)state;
	languages_update(shared.languages, &first);
	assert_int_equal(thread_start(&thread, "update", update_all_the_time, &shared), 0);
	for (int64_t end = clock_after_ms(200); clock_now_ns() < end;) {
		languages_copy(shared.languages, &hello);
		if (memcmp(&hello, &first, sizeof(hello)) != 0)
			assert_memory_equal(&hello, &second, sizeof(hello));
	}
	atomic_store(&shared.stop, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	languages_free(shared.languages);
}

static void no_memory_is_no_registry(void **state)
{
	(void)state;
	alloc_fail_at(1);
	assert_null(languages_new());
	alloc_fail_at(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_known_before_an_image_was_seen),
		cmocka_unit_test(the_newest_image_counts),
		cmocka_unit_test(no_file_takes_the_programs_place),
		cmocka_unit_test(memory_that_is_gone_leaves_the_job_as_it_was),
		cmocka_unit_test(readers_see_one_image_at_a_time),
		cmocka_unit_test(no_memory_is_no_registry),
	};

	return cmocka_run_group_tests_name("languages", tests, NULL, NULL);
}
