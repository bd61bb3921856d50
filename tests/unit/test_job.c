#include "job/job.h"

#include "support/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

static const struct profile profile = {
	.subject = "compiler.execute.request",
	.limits = {1, 2, 3, 4, 5, 6, 7},
};

static void a_new_job_has_its_profiles_limits(void **state)
{
	struct job *job = job_new(&profile);

	(void)state;
	assert_ptr_equal(job->profile, &profile);
	assert_memory_equal(&job->limits, &profile.limits, sizeof(struct limits));
	assert_null(job->id);
	assert_int_equal(job->code.length, 0);
	assert_int_equal(job_bytes(job), sizeof(*job));
	job_free(job);
	job_free(NULL);
}

static struct bytes new_bytes(const char *text)
{
	return (struct bytes){.data = (uint8_t *)strdup(text), .length = strlen(text)};
}

static void a_job_owns_what_it_holds(void **state)
{
	struct job *job = job_new(&profile);

	(void)state;
	job->id = strdup("id");
	job->language = strdup("c");
	job->return_address = strdup("_INBOX.1");
	job->code = new_bytes("1234567");
	job->input = new_bytes("123");
	job->args = calloc(2, sizeof(*job->args));
	job->args[0] = strdup("12");
	job->args[1] = strdup("");
	job->args_count = 2;
	job->files = calloc(2, sizeof(*job->files));
	job->files[0] = (struct job_file){.name = strdup("a"), .content = new_bytes("12345")};
	job->files_count = 2;
	assert_int_equal(job_bytes(job), sizeof(*job) + 7 + 3 + 2 + 5);
	job_free(job);
}

static void no_memory_is_no_job(void **state)
{
	(void)state;
	alloc_fail_at(1);
	assert_null(job_new(&profile));
	alloc_fail_at(0);
}

static void file_names_stay_inside(void **state)
{
	static const struct {
		const char *name;
		bool safe;
	} cases[] = {
		{"a", true},        {"a.txt", true},        {"dir/a.txt", true},
		{"a/b/c/d", true},  {"...", true},          {".hidden", true},
		{"..a", true},      {"a/..b", true},        {"with space", true},
		{"\xc3\xa9", true}, {"back\\slash", true},  {"", false},
		{"/", false},       {"/etc/passwd", false}, {"a/", false},
		{"a//b", false},    {".", false},           {"..", false},
		{"../a", false},    {"a/..", false},        {"a/../b", false},
		{"a/./b", false},   {"./a", false},         {"-o", false},
		{"a/-o", false},    {"a\nb", false},        {"a/\x1f", false},
		{"a\x7f", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (job_file_name_is_safe(cases[i].name) != cases[i].safe)
			fail_msg("'%s'", cases[i].name);
	}
}

static void file_names_are_bounded(void **state)
{
	char name[JOB_FILE_NAME_BYTES_MAX + 2];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[JOB_FILE_NAME_BYTES_MAX] = '\0';
	assert_true(job_file_name_is_safe(name));
	name[JOB_FILE_NAME_BYTES_MAX] = 'a';
	name[JOB_FILE_NAME_BYTES_MAX + 1] = '\0';
	assert_false(job_file_name_is_safe(name));
}

static void limits_are_lowered_and_never_raised(void **state)
{
	struct limits limits = {10, 20, 30, 40, 50, 60, 70};
	const struct limits requested = {9, 21, 0, 40, UINT64_MAX, 1, 69};
	const struct limits expected = {9, 20, 30, 40, 50, 1, 69};

	(void)state;
	limits_lower(&limits, &requested);
	assert_memory_equal(&limits, &expected, sizeof(limits));
}

static void limits_have_names(void **state)
{
	static const char *const names[LIMIT_NAMES] = {
		"none",         "wall_ms",         "cpu_ms",
		"memory_bytes", "output_bytes",    "processes",
		"file_bytes",   "compile_wall_ms", "compile_memory_bytes",
		"queue_ms",
	};

	(void)state;
	for (unsigned i = 0; i < LIMIT_NAMES; i++)
		assert_string_equal(limit_name_text((enum limit_name)i), names[i]);
	assert_string_equal(limit_name_text(LIMIT_NAMES), "none");
	assert_string_equal(limit_name_text((enum limit_name) - 1), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_job_has_its_profiles_limits),
		cmocka_unit_test(a_job_owns_what_it_holds),
		cmocka_unit_test(no_memory_is_no_job),
		cmocka_unit_test(file_names_stay_inside),
		cmocka_unit_test(file_names_are_bounded),
		cmocka_unit_test(limits_are_lowered_and_never_raised),
		cmocka_unit_test(limits_have_names),
	};

	return cmocka_run_group_tests_name("job", tests, NULL, NULL);
}
