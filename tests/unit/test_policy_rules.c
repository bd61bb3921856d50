#include "policy/policy.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "job/job.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
/* cmocka needs setjmp.h, stdarg.h and stdint.h above it. */
#include <cmocka.h>

#define RULE(content) "{\"rules\":{\"*\":[{" content "}]}}"

struct row {
	const char *text;
	const char *complaint; /* its beginning */
};

static void assert_complains(const char *text, size_t length, const char *complaint)
{
	struct err err = {0};

	if (policy_parse(text, length, &err) != NULL)
		fail_msg("not refused: %s", text);
	assert_true(err.code < 0);
	assert_ptr_equal(strchr(err.text, '\n'), NULL);
	if (strncmp(err.text, complaint, strlen(complaint)) != 0)
		fail_msg("%s\nis refused with: %s\nand not with: %s", text, err.text, complaint);
	assert_null(policy_parse(text, length, NULL));
}

static void a_wrong_file_is_refused_and_the_place_named(void **state)
{
	static const struct row rows[] = {
		{"", "line 1: "},
		{"{", "line 1: "},
		{"{\"rules\":\n{\"*\":[\x01]}}", "line 2: "},
		{"{\"rules\":{\"*\":[]},\"rules\":{}}", "line 1: duplicate object key"},
		{"{} {}", "line 1: end of file expected"},
		{"[]", "is not an object that holds an object 'rules'"},
		{"{}", "is not an object that holds an object 'rules'"},
		{"{\"rules\":[]}", "is not an object that holds an object 'rules'"},
		{"{\"rules\":{}}", "there is no rule in it"},
		{"{\"rules\":{\"*\":[],\"c\":[]}}", "there is no rule in it"},
		{"{\"rules\":{},\"about\":1}", "'about' is not a string"},
		{"{\"rules\":{},\"abuot\":\"\"}", "'abuot' is not a key of it"},
		{"{\"rules\":{},\"a\\nb\":\"\"}", "'…' is not a key of it"},
		{"{\"rules\":{\"*\":{}}}", "the rules of '*' are not an array"},
		{"{\"rules\":{\"C\":[]}}",
		 "'C' is not the name of a language, in lower case, or '*'"},
		{"{\"rules\":{\"a\\nb\":[]}}",
		 "'…' is not the name of a language, in lower case, or '*'"},
		{"{\"rules\":{\"\":[]}}", "'…' is not the name of a language"},
		{"{\"rules\":{\"abcdefghijklmnopqrstuvwxyzabcdefg\":[]}}",
		 "'abcdefghijklmnopqrstuvwxyzabcdefg' is not the name of a language"},
		{"{\"rules\":{\"c\":[1]}}", "rule 1 of 'c': is not an object"},
		{RULE(""), "rule 1 of '*': 'name' needs 1 to 63 letters"},
		{RULE("\"name\":1"), "rule 1 of '*': 'name' is not a string"},
		{RULE("\"name\":\"\""), "rule 1 of '*': 'name' needs 1 to 63 letters"},
		{RULE("\"name\":\"a b\""), "rule 1 of '*': 'name' needs 1 to 63 letters"},
		{RULE("\"name\":\"a\""), "rule 'a': 'pattern' needs 1 to 2048 bytes"},
		{RULE("\"name\":\"a\",\"pattern\":[]"), "rule 'a': 'pattern' is not a string"},
		{RULE("\"name\":\"a\",\"pattern\":\"\""),
		 "rule 'a': 'pattern' needs 1 to 2048 bytes"},
		{RULE("\"name\":\"a\",\"pattern\":\"x\",\"reason\":null"),
		 "rule 'a': 'reason' is not a string"},
		{RULE("\"name\":\"a\",\"pattern\":\"x\",\"reason\":\"\""),
		 "rule 'a': 'reason' needs one line of 1 to 200 bytes"},
		{RULE("\"name\":\"a\",\"pattern\":\"x\",\"reason\":\"b\\nc\""),
		 "rule 'a': 'reason' needs one line of 1 to 200 bytes"},
		{RULE("\"name\":\"a\",\"pattern\":\"x\",\"patern\":\"\""),
		 "rule 'a': 'patern' is not a key of it"},
		{"{\"rules\":{\"*\":[{\"name\":\"a\",\"pattern\":\"x\"}],"
		 "\"c\":[{\"name\":\"b\",\"pattern\":\"x\"},{\"name\":\"a\",\"pattern\":\"y\"}]}}",
		 "rule 'a': another rule has this name"},
		{RULE("\"name\":\"a\",\"pattern\":\"(b\""),
		 "rule 'a': 'pattern', byte 2: missing closing parenthesis"},
		{RULE("\"name\":\"a\",\"pattern\":\"(*UTF)b\""),
		 "rule 'a': 'pattern', byte 6: using UTF is disabled by the application"},
		{RULE("\"name\":\"a\",\"pattern\":\"(?:(?:a{1,999}){1,999}){1,999}\""),
		 "rule 'a': 'pattern', byte "},
		{RULE("\"name\":\"a\",\"pattern\":\"b*\""),
		 "rule 'a': 'pattern' matches every program"},
		{RULE("\"name\":\"a\",\"pattern\":\"b||c\""),
		 "rule 'a': 'pattern' matches every program"},
		{RULE("\"name\":\"a\",\"pattern\":\"x\\u0000\""), "line 1: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_complains(rows[i].text, strlen(rows[i].text), rows[i].complaint);
	assert_complains("{\"rules\":{}}\0", 13, "line 1: ");
}

static void lengths_are_bounded(void **state)
{
	static const struct {
		const char *before, *after;
		size_t max;
		const char *complaint;
	} rows[] = {
		{"{\"rules\":{\"*\":[{\"pattern\":\"x\",\"name\":\"", "\"}]}}",
		 POLICY_NAME_BYTES_MAX, "rule 1 of '*': 'name' needs"},
		{"{\"rules\":{\"*\":[{\"name\":\"n\",\"pattern\":\"", "\"}]}}",
		 POLICY_PATTERN_BYTES_MAX, "rule 'n': 'pattern' needs"},
		{"{\"rules\":{\"*\":[{\"name\":\"n\",\"pattern\":\"x\",\"reason\":\"", "\"}]}}",
		 POLICY_REASON_BYTES_MAX, "rule 'n': 'reason' needs"},
		{"{\"rules\":{\"", "\":[{\"name\":\"n\",\"pattern\":\"x\"}]}}",
		 JOB_LANGUAGE_BYTES_MAX, "'aaaaa"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t extra = 0; extra < 2; extra++) {
			auto_buf struct buf text = {.max = BUF_UNBOUNDED};
			struct policy *policy;

			(void)buf_append_text(&text, rows[i].before);
			for (size_t n = 0; n < rows[i].max + extra; n++)
				(void)buf_append_text(&text, "a");
			(void)buf_append(&text, rows[i].after, strlen(rows[i].after) + 1);
			if (extra > 0) {
				assert_complains((const char *)text.data, text.length - 1,
						 rows[i].complaint);
				continue;
			}
			policy = policy_parse((const char *)text.data, text.length - 1, NULL);
			assert_non_null(policy);
			policy_free(policy);
		}
	}
}

static void put_rules(struct buf *text, unsigned count)
{
	(void)buf_append_text(text, "{\"rules\":{\"c\":[");
	for (unsigned i = 0; i < count; i++)
		(void)buf_append_format(text, "%s{\"name\":\"r%u\",\"pattern\":\"x%u\"}",
					i > 0 ? "," : "", i, i);
	(void)buf_append_text(text, "]}}");
}

static void the_number_of_rules_is_bounded(void **state)
{
	auto_buf struct buf most = {.max = BUF_UNBOUNDED}, more = {.max = BUF_UNBOUNDED};
	struct policy *policy;

	(void)state;
	put_rules(&most, POLICY_RULES_MAX);
	policy = policy_parse((const char *)most.data, most.length, NULL);
	assert_non_null(policy);
	assert_int_equal(policy_rules_count(policy), POLICY_RULES_MAX);
	policy_free(policy);
	put_rules(&more, POLICY_RULES_MAX + 1);
	(void)buf_append(&more, "", 1);
	assert_complains((const char *)more.data, more.length - 1,
			 "rule 'r256': there are more than 256 rules");
}

/* Strings of at most 13 bytes: of a longer one jansson drops a byte that it has no memory for. */
static void every_allocation_may_fail(void **state)
{
	static const char text[] =
		"{\"about\":\"x\",\"rules\":{"
		"\"c\":[{\"name\":\"a\",\"pattern\":\"(b|c)+d\",\"reason\":\"e\"}],"
		"\"*\":[{\"name\":\"f\",\"pattern\":\"(g|(h))*i\"}]}}";
	bool failed = true;
	unsigned n, refused = 0;

	(void)state;
	for (n = 1; n <= ALLOC_RUNS && failed; n++) {
		struct err err = {0};
		struct policy *policy;

		alloc_fail_at(n);
		policy = policy_parse(text, sizeof(text) - 1, &err);
		failed = alloc_failed();
		alloc_fail_at(0);
		/* Without memory for machine code a pattern is interpreted. */
		if (policy != NULL) {
			assert_int_equal(policy_rules_count(policy), 2);
		} else {
			assert_true(failed);
			/* jansson takes a string that it has no memory for to be a wrong one. */
			if (strncmp(err.text, "line 1: ", 8) != 0)
				assert_int_equal(err.code, -ENOMEM);
			refused++;
		}
		policy_free(policy);
	}
	assert_in_range(n, 20, ALLOC_RUNS);
	assert_in_range(refused, 20, n);
}

struct scene {
	char directory[64];
	char path[200];
};

static int make_scene(void **state)
{
	static struct scene scene;

	(void)snprintf(scene.directory, sizeof(scene.directory), "/tmp/test_policy_rules.XXXXXX");
	if (mkdtemp(scene.directory) == NULL)
		return -1;
	(void)snprintf(scene.path, sizeof(scene.path), "%s/%0100d.json", scene.directory, 0);
	*state = &scene;
	return 0;
}

static int remove_scene(void **state)
{
	struct scene *scene = *state;

	(void)remove(scene->path);
	return rmdir(scene->directory);
}

static void write_file(const char *path, const char *text, size_t padding)
{
	auto_fclose FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	while (padding-- > 0)
		assert_int_equal(fputc(' ', file), ' ');
}

static void assert_load_complains(const char *path, const char *complaint)
{
	struct err err = {0};

	assert_null(policy_load(path, &err));
	if (strstr(err.text, complaint) == NULL)
		fail_msg("'%s' is not in: %s", complaint, err.text);
	assert_non_null(strstr(err.text, "policy '…"));
	assert_non_null(strstr(err.text, "0000.json': "));
}

static void a_file_is_loaded(void **state)
{
	static const char text[] = RULE("\"name\":\"a\",\"pattern\":\"b\"");
	const struct scene *scene = *state;
	struct policy *policy;
	struct err err = {0};

	write_file(scene->path, text, POLICY_FILE_BYTES_MAX - strlen(text));
	policy = policy_load(scene->path, &err);
	assert_non_null(policy);
	policy_free(policy);
}

static void a_file_that_cannot_be_loaded_is_named(void **state)
{
	static const char text[] = RULE("\"name\":\"a\",\"pattern\":\"b\"");
	const struct scene *scene = *state;

	assert_load_complains(scene->path, "No such file or directory");
	write_file(scene->path, text, POLICY_FILE_BYTES_MAX - strlen(text) + 1);
	assert_load_complains(scene->path, "is larger than 256 KiB");
	write_file(scene->path, RULE("\"name\":\"a\",\"pattern\":\"(b\""), 0);
	assert_load_complains(scene->path, "rule 'a': 'pattern', byte 2: missing closing");
	assert_int_equal(remove(scene->path), 0);
	assert_int_equal(mkdir(scene->path, 0700), 0);
	assert_load_complains(scene->path, "Is a directory");
}

static void no_memory_for_a_file_is_said(void **state)
{
	const struct scene *scene = *state;
	struct err err = {0};

	write_file(scene->path, RULE("\"name\":\"a\",\"pattern\":\"b\""), 0);
	alloc_fail_at(1);
	assert_null(policy_load(scene->path, &err));
	alloc_fail_at(0);
	assert_int_equal(err.code, -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_file_is_refused_and_the_place_named),
		cmocka_unit_test(lengths_are_bounded),
		cmocka_unit_test(the_number_of_rules_is_bounded),
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test_setup_teardown(a_file_is_loaded, make_scene, remove_scene),
		cmocka_unit_test_setup_teardown(a_file_that_cannot_be_loaded_is_named, make_scene,
						remove_scene),
		cmocka_unit_test_setup_teardown(no_memory_for_a_file_is_said, make_scene,
						remove_scene),
	};

	return cmocka_run_group_tests_name("policy rules", tests, NULL, NULL);
}
