/* From a RUN message to argv arrays and files. */
#include "agent/assignment.h"

#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char cc[] = "/usr/bin/cc", dash_o[] = "-o", target[] = "main", sources[] = MANIFEST_SOURCES,
	    math[] = "-lm", made[] = "main", program[] = "./main", python3[] = "/usr/bin/python3",
	    script[] = "main.py";

static char *compile_c[] = {cc, dash_o, target, sources, math, NULL};
static char *run_c[] = {program, NULL};
static char *run_python[] = {python3, script, NULL};

static struct manifest manifests[] = {
	{.language = {.name = "c", .file = "main.c", .compiled = true},
	 .compile = compile_c,
	 .artifact = made,
	 .run = run_c},
	{.language = {.name = "python", .file = "main.py"}, .run = run_python},
};

static const struct profile profile = {
	.subject = "test",
	.limits = {.wall_ms = 1, .cpu_ms = 2, .memory_bytes = 3, .output_bytes = 4, .processes = 5,
		   .file_bytes = 6, .compile_wall_ms = 7},
};

struct sample {
	const char *language;
	const char *args[4];
	const char *files[4];
	const struct artifact *artifact;
};

static void encode(struct buf *b, const struct sample *sample)
{
	struct job *job = job_new(&profile);

	assert_non_null(job);
	job->language = strdup(sample->language);
	job->code.data = (uint8_t *)strdup("code");
	job->code.length = 4;
	job->args = calloc(4, sizeof(*job->args));
	job->files = calloc(4, sizeof(*job->files));
	while (job->args_count < 4 && sample->args[job->args_count] != NULL) {
		job->args[job->args_count] = strdup(sample->args[job->args_count]);
		job->args_count++;
	}
	while (job->files_count < 4 && sample->files[job->files_count] != NULL) {
		job->files[job->files_count].name = strdup(sample->files[job->files_count]);
		job->files_count++;
	}
	buf_init(b, BUF_UNBOUNDED);
	run_message_encode(b, job, sample->artifact, false);
	if (sample->artifact != NULL)
		(void)buf_append(b, sample->artifact->data, sample->artifact->length);
	assert_false(buf_failed(b));
	job_free(job);
}

static int init(struct assignment *a, const struct buf *b, struct err *err)
{
	const struct frame frame = {.type = FRAME_RUN,
				    .payload = b->data + FRAME_HEADER_BYTES,
				    .length = b->length - FRAME_HEADER_BYTES};

	*a = (struct assignment){0};
	return assignment_init(a, manifests, 2, &frame, err);
}

static void expect_argv(char *const *argv, const char *const *expected)
{
	size_t i;

	for (i = 0; expected[i] != NULL; i++)
		assert_string_equal(argv[i], expected[i]);
	assert_null(argv[i]);
}

static void sources_are_those_of_the_extension(void **state)
{
	static const struct sample sample = {.language = "c",
					     .args = {"one", "", NULL},
					     .files = {"util.c", "util.h", "sub/other.c", NULL}};
	struct err err = {0};
	struct assignment a;
	struct buf b;

	(void)state;
	encode(&b, &sample);
	assert_int_equal(init(&a, &b, &err), 0);
	expect_argv(a.compile_argv, (const char *const[]){"/usr/bin/cc", "-o", "main", "main.c",
							  "util.c", "-lm", NULL});
	expect_argv(a.run_argv, (const char *const[]){"./main", "one", "", NULL});
	assert_int_equal(a.files_count, 4);
	assert_string_equal(a.files[0].name, "main.c");
	assert_memory_equal(a.files[0].data, "code", 4);
	assert_string_equal(a.files[3].name, "sub/other.c");
	assert_int_equal(a.message.limits.compile_wall_ms, 7);
	assignment_fini(&a);
	buf_fini(&b);
}

/* gcc would read arguments from "@x.c". */
static void a_source_is_never_an_option(void **state)
{
	static const struct sample sample = {.language = "c", .files = {"@x.c", "a@.c", "@x.h"}};
	struct err err = {0};
	struct assignment a;
	struct buf b;

	(void)state;
	encode(&b, &sample);
	assert_int_equal(init(&a, &b, &err), 0);
	expect_argv(a.compile_argv, (const char *const[]){"/usr/bin/cc", "-o", "main", "main.c",
							  "a@.c", "-lm", NULL});
	assert_string_equal(a.files[1].name, "@x.c");
	assert_string_equal(a.files[3].name, "@x.h");
	assignment_fini(&a);
	buf_fini(&b);
}

static void interpreted_has_nothing_to_compile(void **state)
{
	static const struct sample sample = {.language = "python", .args = {"x", NULL}};
	struct err err = {0};
	struct assignment a;
	struct buf b;

	(void)state;
	encode(&b, &sample);
	assert_int_equal(init(&a, &b, &err), 0);
	assert_null(a.compile_argv);
	expect_argv(a.run_argv, (const char *const[]){"/usr/bin/python3", "main.py", "x", NULL});
	assignment_fini(&a);
	buf_fini(&b);
}

/* kilnd has checked them; the agent, which would write them, does not rely on it. */
static void unsafe_names_are_refused(void **state)
{
	static const char *const names[] = {"../x", "/etc/passwd", "-o", "a//b", "a/./b", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct sample sample = {.language = "python", .files = {names[i], NULL}};
		struct err err = {0};
		struct assignment a;
		struct buf b;

		encode(&b, &sample);
		assert_int_equal(init(&a, &b, &err), -EINVAL);
		assert_string_equal(err.text, "unsafe file name");
		assignment_fini(&a);
		buf_fini(&b);
	}
}

static void unknown_language_and_garbage(void **state)
{
	static const struct sample sample = {.language = "cobol"};
	struct err err = {0};
	struct assignment a;
	struct buf b;

	(void)state;
	encode(&b, &sample);
	assert_int_equal(init(&a, &b, &err), -ENOENT);
	assignment_fini(&a);
	b.length--; /* cut short */
	assert_int_equal(init(&a, &b, &err), -EBADMSG);
	assignment_fini(&a);
	buf_fini(&b);
}

/* What a compile would have left: the sources as well, and not what it would have written over. */
static void an_artifact_is_a_file_in_place_of_a_compile(void **state)
{
	const struct artifact artifact = {
		.data = (const uint8_t *)"ELF",
		.length = 3,
		.checksum = artifact_checksum((const uint8_t *)"ELF", 3),
	};
	const struct sample sample = {
		.language = "c", .files = {"main", "util.c", NULL}, .artifact = &artifact};
	struct err err = {0};
	struct assignment a;
	struct buf b;

	(void)state;
	encode(&b, &sample);
	assert_int_equal(init(&a, &b, &err), 0);
	assert_null(a.compile_argv);
	expect_argv(a.run_argv, (const char *const[]){"./main", NULL});
	assert_int_equal(a.files_count, 3);
	assert_string_equal(a.files[0].name, "main.c");
	assert_string_equal(a.files[1].name, "util.c");
	assert_string_equal(a.files[2].name, "main");
	assert_memory_equal(a.files[2].data, "ELF", 3);
	assert_true(a.files[2].executable);
	assert_false(a.files[0].executable || a.files[1].executable);
	assignment_fini(&a);
	buf_fini(&b);
}

static void an_artifact_for_an_interpreter_is_refused(void **state)
{
	const struct artifact artifact = {
		.data = (const uint8_t *)"ELF",
		.length = 3,
		.checksum = artifact_checksum((const uint8_t *)"ELF", 3),
	};
	const struct sample sample = {.language = "python", .artifact = &artifact};
	struct err err = {0};
	struct assignment a;
	struct buf b;

	(void)state;
	encode(&b, &sample);
	assert_int_equal(init(&a, &b, &err), -EINVAL);
	assignment_fini(&a);
	buf_fini(&b);
}

static void out_of_memory_is_told(void **state)
{
	static const struct sample sample = {.language = "c", .args = {"a", NULL},
					     .files = {"b.c", NULL}};
	struct buf b;

	(void)state;
	encode(&b, &sample);
	for (unsigned n = 1; n <= ALLOC_RUNS; n++) {
		struct err err = {0};
		struct assignment a;
		int result;

		alloc_fail_at(n);
		result = init(&a, &b, &err);
		assignment_fini(&a);
		if (!alloc_failed()) {
			assert_int_equal(result, 0);
			break;
		}
		assert_int_equal(result < 0, 1);
	}
	alloc_fail_at(0);
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sources_are_those_of_the_extension),
		cmocka_unit_test(a_source_is_never_an_option),
		cmocka_unit_test(interpreted_has_nothing_to_compile),
		cmocka_unit_test(unsafe_names_are_refused),
		cmocka_unit_test(unknown_language_and_garbage),
		cmocka_unit_test(an_artifact_is_a_file_in_place_of_a_compile),
		cmocka_unit_test(an_artifact_for_an_interpreter_is_refused),
		cmocka_unit_test(out_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
