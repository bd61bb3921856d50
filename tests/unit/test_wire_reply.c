#include "wire/wire.h"

#include "base/cleanup.h"
#include "support/alloc.h"

#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

#define PLENTY ((size_t)64 << 20)

static const struct profile mixed = {.subject = "compiler.execute.request"};
static const struct profile stdout_only = {.subject = "problems.execute.request",
					   .stdout_only = true};

static const struct reply_context context = {.id = "seven",
					     .language = "c",
					     .profile = &mixed,
					     .engine_name = "kiln-1"};
static const struct reply_context problems_context = {.id = "seven",
						      .language = "c",
						      .profile = &stdout_only,
						      .engine_name = "kiln-1"};

static struct result new_result(void)
{
	struct result result;

	result_init(&result, BUF_UNBOUNDED);
	return result;
}

#define auto_result __attribute__((cleanup(result_fini)))

/* A compiled program that ran to its end. */
static struct result ended(int exit_code, int sig)
{
	struct result result = new_result();

	result.outcome.compile = (struct stage_report){.ran = true, .wall_us = 200001, .cpu_us = 1};
	result.outcome.run = (struct stage_report){.ran = true,
						   .exit_code = exit_code,
						   .signal = sig,
						   .wall_us = 612344,
						   .cpu_us = 598007,
						   .memory_bytes = 9437184};
	result.timing = (struct timing){1, 20, 300, 4000, 5000000};
	result_conclude(&result);
	return result;
}

static void append(struct result *result, enum stream stream, const char *text)
{
	assert_int_equal(output_append(&result->output, stream, text, strlen(text)), 0);
}

static char *format(const struct result *result, const struct reply_context *ctx, size_t max)
{
	size_t length = 0;
	char *text = wire_format_reply(result, ctx, max, &length);

	assert_non_null(text);
	assert_int_equal(strlen(text), length);
	assert_true(length <= max);
	return text;
}

static json_t *parse(const char *text)
{
	json_error_t error;
	json_t *root = json_loads(text, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);

	if (root == NULL)
		fail_msg("%s in %s", error.text, text);
	return root;
}

/* `quoted` has ' where JSON has a quote. */
static void assert_reply(const struct result *result, const struct reply_context *ctx,
			 const char *quoted)
{
	auto_free char *expected = strdup(quoted);
	auto_free char *text = format(result, ctx, PLENTY);
	json_auto_t *root = parse(text);

	for (char *c = expected; *c != '\0'; c++) {
		if (*c == '\'')
			*c = '"';
	}
	assert_non_null(root);
	assert_string_equal(text, expected);
}

#define ENGINE "'engine':{'name':'kiln-1','version':'" KILN_VERSION "'}}"
#define TIMING                                                                                     \
	"'timing':{'queue_ms':0.001,'lease_ms':0.020,'compile_ms':0.300,'run_ms':4.000,"           \
	"'total_ms':5000.000},"
#define USAGE "'usage':{'cpu_ms':598.007,'wall_ms':612.344,'memory_bytes':9437184},"
#define WHOLE "'truncated':{'stdout':false,'stderr':false},"

static void a_success(void **state)
{
	auto_result struct result result = ended(0, 0);

	(void)state;
	append(&result, STREAM_COMPILE, "warn\n");
	append(&result, STREAM_STDOUT, "a\"\\\n");
	append(&result, STREAM_STDERR, "e");
	append(&result, STREAM_STDOUT, "b");
	assert_reply(&result, &context,
		     "{'output':'warn\\na\\\"\\\\\\neb','status_message':'Success','error':'',"
		     "'success':true,'execution_time':'812.345ms','id':'seven',"
		     "'language':'c','verdict':'ok','stdout':'a\\\"\\\\\\nb','stderr':'e',"
		     "'encoding':'utf8','exit_code':0,'signal':null,"
		     "'compile':{'output':'warn\\n','exit_code':0,'time_ms':200.001,"
		     "'cached':false}," USAGE TIMING "'limit':null," WHOLE ENGINE);
}

static void a_compile_from_the_cache(void **state)
{
	auto_result struct result result = ended(0, 0);

	(void)state;
	result.compile_cached = true;
	result.outcome.compile.wall_us = 0;
	append(&result, STREAM_COMPILE, "warn\n");
	assert_reply(&result, &context,
		     "{'output':'warn\\n','status_message':'Success','error':'',"
		     "'success':true,'execution_time':'612.344ms','id':'seven',"
		     "'language':'c','verdict':'ok','stdout':'','stderr':'',"
		     "'encoding':'utf8','exit_code':0,'signal':null,"
		     "'compile':{'output':'warn\\n','exit_code':0,'time_ms':0.000,"
		     "'cached':true}," USAGE TIMING "'limit':null," WHOLE ENGINE);
}

static void a_crash(void **state)
{
	auto_result struct result result = ended(-1, SIGSEGV);

	(void)state;
	result.outcome.compile.ran = false;
	append(&result, STREAM_COMPILE, "from a language that does not compile");
	assert_reply(&result, &context,
		     "{'output':'from a language that does not compile',"
		     "'status_message':'Failed to execute code',"
		     "'error':'execution error: signal: segmentation fault','success':false,"
		     "'execution_time':'612.344ms','id':'seven','language':'c',"
		     "'verdict':'runtime_error','stdout':'','stderr':'','encoding':'utf8',"
		     "'exit_code':null,'signal':'SIGSEGV','compile':null," USAGE TIMING
		     "'limit':null," WHOLE ENGINE);
}

static void a_compile_error(void **state)
{
	auto_result struct result result = ended(0, 0);

	(void)state;
	result.outcome.run = (struct stage_report){0};
	result.outcome.compile.exit_code = 2;
	result_conclude(&result);
	append(&result, STREAM_COMPILE, "# command-line-arguments\n./a.go:3:1: no");
	assert_reply(&result, &problems_context,
		     "{'output':'# command-line-arguments\\n./a.go:3:1: no',"
		     "'status_message':'Failed to execute code',"
		     "'error':'execution error: exit status 2','success':false,"
		     "'execution_time':'200.001ms','id':'seven','language':'c',"
		     "'verdict':'compile_error','stdout':'','stderr':'','encoding':'utf8',"
		     "'exit_code':null,'signal':null,'compile':{'output':"
		     "'# command-line-arguments\\n./a.go:3:1: no','exit_code':2,'time_ms':200.001,"
		     "'cached':false},'usage':null," TIMING "'limit':null," WHOLE ENGINE);
}

static void a_compiler_that_was_killed(void **state)
{
	auto_result struct result result = ended(0, 0);

	(void)state;
	result.outcome.run = (struct stage_report){0};
	result.outcome.compile.exit_code = -1;
	result.outcome.compile.signal = SIGKILL;
	result.outcome.limit = (struct limit_hit){LIMIT_COMPILE_WALL, 30000, 30001};
	result_conclude(&result);
	assert_reply(&result, &context,
		     "{'output':'','status_message':'Failed to execute code',"
		     "'error':'execution error: signal: killed','success':false,"
		     "'execution_time':'200.001ms','id':'seven','language':'c',"
		     "'verdict':'compile_error','stdout':'','stderr':'','encoding':'utf8',"
		     "'exit_code':null,'signal':null,'compile':{'output':'','exit_code':null,"
		     "'time_ms':200.001,'cached':false},'usage':null," TIMING
		     "'limit':{'name':'compile_wall_ms','allowed':30000,'measured':30001}," WHOLE
			     ENGINE);
}

static void a_limit(void **state)
{
	auto_result struct result result = ended(-1, SIGKILL);

	(void)state;
	result.outcome.limit = (struct limit_hit){LIMIT_OUTPUT, 10, 11};
	result.outcome.stdout_truncated = true;
	result_conclude(&result);
	append(&result, STREAM_STDOUT, "0123456789");
	assert_reply(&result, &problems_context,
		     "{'output':'0123456789','status_message':'Failed to execute code',"
		     "'error':'execution error: signal: killed','success':false,"
		     "'execution_time':'812.345ms','id':'seven','language':'c',"
		     "'verdict':'output_limit','stdout':'0123456789','stderr':'',"
		     "'encoding':'utf8','exit_code':null,'signal':'SIGKILL',"
		     "'compile':{'output':'','exit_code':0,'time_ms':200.001,'cached':false}," USAGE
			     TIMING "'limit':{'name':'output_bytes','allowed':10,'measured':11},"
		     "'truncated':{'stdout':true,'stderr':false}," ENGINE);
}

#define NOTHING_RAN                                                                                \
	"'stdout':'','stderr':'','encoding':'utf8','exit_code':null,'signal':null,"                \
	"'compile':null,'usage':null,'timing':{'queue_ms':0.000,'lease_ms':0.000,"                 \
	"'compile_ms':0.000,'run_ms':0.000,'total_ms':0.000},"

static void a_job_that_did_not_run(void **state)
{
	static const struct {
		enum verdict verdict;
		bool decode_error;
		const char *name, *status;
	} cases[] = {
		{VERDICT_REJECTED, false, "rejected", "why"},
		{VERDICT_REJECTED, true, "rejected", "Failed to decode base64"},
		{VERDICT_BUSY, false, "busy", "why"},
		{VERDICT_CANCELLED, false, "cancelled", "why"},
		{VERDICT_INTERNAL_ERROR, false, "internal_error", "why"},
	};
	static const struct reply_context nobody = {.engine_name = "kiln-1"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auto_result struct result result = ended(0, 0);
		char expected[1024];

		/* What an attempt that failed left behind is not told. */
		append(&result, STREAM_STDOUT, "half \xff");
		result.outcome.stdout_truncated = true;
		result.timing = (struct timing){0};
		result.decode_error = cases[i].decode_error;
		result_refuse(&result, cases[i].verdict, "why");
		(void)snprintf(expected, sizeof(expected),
			       "{'output':'','status_message':'%s','error':'why',"
			       "'success':false,'execution_time':'0.000ms','id':null,"
			       "'language':null,'verdict':'%s'," NOTHING_RAN
			       "'limit':null," WHOLE ENGINE,
			       cases[i].status, cases[i].name);
		assert_reply(&result, &nobody, expected);
	}
}

static void a_wait_that_was_too_long_has_its_evidence(void **state)
{
	auto_result struct result result = new_result();

	(void)state;
	result.outcome.limit = (struct limit_hit){LIMIT_QUEUE, 5000, 5001};
	result_refuse(&result, VERDICT_BUSY, "no container within 5000 ms");
	assert_reply(&result, &context,
		     "{'output':'','status_message':'no container within 5000 ms',"
		     "'error':'no container within 5000 ms','success':false,"
		     "'execution_time':'0.000ms','id':'seven','language':'c',"
		     "'verdict':'busy'," NOTHING_RAN
		     "'limit':{'name':'queue_ms','allowed':5000,'measured':5001}," WHOLE ENGINE);
}

static void a_problems_output_is_stdout_alone_when_it_succeeded(void **state)
{
	static const struct {
		int exit_code;
		const struct reply_context *ctx;
		const char *output;
	} cases[] = {
		{0, &problems_context, "out"},
		{1, &problems_context, "warnerrout"},
		{0, &context, "warnerrout"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auto_result struct result result = ended(cases[i].exit_code, 0);

		append(&result, STREAM_COMPILE, "warn");
		append(&result, STREAM_STDERR, "err");
		append(&result, STREAM_STDOUT, "out");
		auto_free char *text = format(&result, cases[i].ctx, PLENTY);
		json_auto_t *root = parse(text);
		assert_string_equal(json_string_value(json_object_get(root, "output")),
				    cases[i].output);
		assert_string_equal(json_string_value(json_object_get(root, "stdout")), "out");
		assert_string_equal(json_string_value(json_object_get(root, "stderr")), "err");
	}
}

/* Where a character lies across spans: "\xc3|\xa9". */
static void the_encoding_tells_whether_all_is_text(void **state)
{
	static const struct {
		const struct reply_context *ctx;
		int exit_code;
		const char *spans[4]; /* a stream's digit, and its bytes */
		const char *encoding, *output, *out, *err;
	} cases[] = {
		{&context,
		 0,
		 {"1\xc3\xa9", "2\xe2\x82\xac"},
		 "utf8",
		 "\xc3\xa9\xe2\x82\xac",
		 "\xc3\xa9",
		 "\xe2\x82\xac"},
		{&context, 0, {"1\xff"}, "base64", "/w==", "/w==", ""},
		{&context, 0, {"2\xff", "1ok"}, "base64", "/29r", "b2s=", "/w=="},
		{&context, 0, {"3\xff", "1ok"}, "base64", "/29r", "b2s=", ""},
		{&context, 0, {"1\xc3"}, "base64", "ww==", "ww==", ""},
		{&context, 0, {"1\xc3", "2e", "1\xa9"}, "base64", "w2Wp", "w6k=", "ZQ=="},
		{&context, 0, {"1\xc3", "2\xa9"}, "base64", "w6k=", "ww==", "qQ=="},
		{&problems_context,
		 0,
		 {"1\xc3", "2e", "1\xa9"},
		 "utf8",
		 "\xc3\xa9",
		 "\xc3\xa9",
		 "e"},
		{&problems_context, 1, {"1\xc3", "2e", "1\xa9"}, "base64", "w2Wp", "w6k=", "ZQ=="},
		{&problems_context, 0, {"1ok", "2\xff"}, "base64", "b2s=", "b2s=", "/w=="},
		{&problems_context, 0, {"1ok", "2\xc3"}, "base64", "b2s=", "b2s=", "ww=="},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auto_result struct result result = ended(cases[i].exit_code, 0);

		for (size_t j = 0; j < 4 && cases[i].spans[j] != NULL; j++)
			append(&result, (enum stream)(cases[i].spans[j][0] - '0'),
			       cases[i].spans[j] + 1);
		auto_free char *text = format(&result, cases[i].ctx, PLENTY);
		json_auto_t *root = parse(text);
		assert_string_equal(json_string_value(json_object_get(root, "encoding")),
				    cases[i].encoding);
		assert_string_equal(json_string_value(json_object_get(root, "output")),
				    cases[i].output);
		assert_string_equal(json_string_value(json_object_get(root, "stdout")),
				    cases[i].out);
		assert_string_equal(json_string_value(json_object_get(root, "stderr")),
				    cases[i].err);
	}
}

static void every_byte_comes_back(void **state)
{
	auto_result struct result result = ended(0, 0);
	auto_free char *text = NULL;
	json_t *out;

	(void)state;
	for (unsigned c = 0; c < 0x80; c++) {
		for (unsigned before = 0; before < 9; before++) {
			char run[10] = "plaintext";

			run[before] = (char)c;
			assert_int_equal(output_append(&result.output, STREAM_STDOUT, run, 9), 0);
		}
	}
	text = format(&result, &context, PLENTY);
	json_auto_t *root = parse(text);
	out = json_object_get(root, "stdout");
	assert_int_equal(json_string_length(out), result.output.bytes.length);
	assert_memory_equal(json_string_value(out), result.output.bytes.data,
			    result.output.bytes.length);
	assert_non_null(strstr(text, "\\u0000"));
}

static void labels_are_made_fit(void **state)
{
	auto_result struct result result = new_result();
	const struct reply_context odd = {.id = "q\"\\\n\x7f\xc3\xa9\xff",
					  .language = NULL,
					  .profile = &mixed,
					  .engine_name = "e\xe2\x82"};

	(void)state;
	result_refuse(&result, VERDICT_INTERNAL_ERROR, "line\nand %s", "\xf0\x9f\x98\x80\xf0\x9f");
	auto_free char *text = format(&result, &odd, WIRE_REPLY_BYTES_MIN);
	json_auto_t *root = parse(text);
	assert_string_equal(json_string_value(json_object_get(root, "id")),
			    "q\"\\\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd");
	assert_string_equal(json_string_value(json_object_get(root, "error")),
			    "line\xef\xbf\xbd"
			    "and \xf0\x9f\x98\x80");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(root, "engine"), "name")), "e");
}

/* The largest of everything that is not output. */
static void the_smallest_bound_is_always_enough(void **state)
{
	auto_result struct result result = ended(-1, 64);
	char label[1000];
	const struct reply_context large = {
		.id = label, .language = label, .profile = &mixed, .engine_name = label};

	(void)state;
	memset(label, '\x01', sizeof(label) - 1);
	label[sizeof(label) - 1] = '\0';
	result.outcome.limit = (struct limit_hit){LIMIT_COMPILE_MEMORY, INT64_MAX, INT64_MAX};
	result.outcome.run.wall_us = result.outcome.compile.wall_us = INT64_MAX / 2;
	result.outcome.run.cpu_us = INT64_MAX;
	result.outcome.run.memory_bytes = INT64_MAX;
	result.timing = (struct timing){INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
	for (unsigned verdict = 0; verdict < VERDICT_COUNT; verdict++) {
		result_refuse(&result, (enum verdict)verdict, "%s", label);
		append(&result, STREAM_STDOUT, "some \x01");
		append(&result, STREAM_STDERR, "output");
		auto_free char *text = format(&result, &large, WIRE_REPLY_BYTES_MIN);
		json_auto_t *root = parse(text);
		assert_non_null(root);
	}
	/* A smaller bound is raised to the smallest. */
	auto_free char *text = format(&result, &context, WIRE_REPLY_BYTES_MIN);
	size_t length;
	auto_free char *same = wire_format_reply(&result, &context, 1, &length);
	assert_string_equal(text, same);
}

static void a_negative_time_is_zero(void **state)
{
	auto_result struct result result = ended(0, 0);

	(void)state;
	result.timing.queue_us = -1;
	auto_free char *text = format(&result, &context, PLENTY);
	assert_non_null(strstr(text, "\"queue_ms\":0.000,"));
}

static void fill(struct result *result, enum stream stream, const char *piece, size_t bytes)
{
	for (size_t done = 0; done < bytes; done += strlen(piece))
		append(result, stream, piece);
}

static size_t string_length(json_t *root, const char *key)
{
	return json_string_length(json_object_get(root, key));
}

static bool is_truncated(json_t *root, const char *key)
{
	return json_is_true(json_object_get(json_object_get(root, "truncated"), key));
}

static void what_is_too_long_is_cut_fairly(void **state)
{
	auto_result struct result result = ended(0, 0);
	size_t length;

	(void)state;
	fill(&result, STREAM_STDOUT, "\xc3\xa9", 100000);
	append(&result, STREAM_STDERR, "short");
	auto_free char *text = wire_format_reply(&result, &context, 64000, &length);
	json_auto_t *root = parse(text);
	/* stderr needs little, so output and stdout get half of the rest each, without an odd byte.
	 */
	assert_in_range(length, 64000 - 8, 64000);
	assert_string_equal(json_string_value(json_object_get(root, "stderr")), "short");
	assert_int_equal(string_length(root, "output"), string_length(root, "stdout"));
	assert_int_equal(string_length(root, "output") % 2, 0);
	assert_true(is_truncated(root, "stdout"));
	/* The end of `output`, which was cut, was of stderr. */
	assert_true(is_truncated(root, "stderr"));
}

static void control_characters_are_budgeted_sixfold(void **state)
{
	auto_result struct result result = ended(0, 0);
	size_t length;

	(void)state;
	fill(&result, STREAM_STDERR, "\x01\x02", 100000);
	auto_free char *text = wire_format_reply(&result, &context, 64000, &length);
	json_auto_t *root = parse(text);
	assert_in_range(length, 64000 - 16, 64000);
	assert_false(is_truncated(root, "stdout"));
	assert_true(is_truncated(root, "stderr"));
}

static void base64_is_budgeted_by_four_thirds(void **state)
{
	auto_result struct result result = ended(0, 0);
	size_t length;

	(void)state;
	fill(&result, STREAM_COMPILE, "\xff\xfe", 100000);
	auto_free char *text = wire_format_reply(&result, &problems_context, 64000, &length);
	json_auto_t *root = parse(text);
	assert_in_range(length, 64000 - 16, 64000);
	assert_int_equal(string_length(json_object_get(root, "compile"), "output") % 4, 0);
	assert_false(is_truncated(root, "stdout"));
	assert_true(is_truncated(root, "stderr"));
}

static void a_reply_that_just_fits_is_not_cut(void **state)
{
	auto_result struct result result = ended(0, 0);
	size_t length, cut_length;

	(void)state;
	fill(&result, STREAM_STDOUT, "0123456789\n", 20000);
	fill(&result, STREAM_STDERR, "9876543210\x1f", 20000);
	auto_free char *whole = wire_format_reply(&result, &context, PLENTY, &length);
	auto_free char *same = wire_format_reply(&result, &context, length, &cut_length);
	auto_free char *cut = wire_format_reply(&result, &context, length - 1, &cut_length);
	assert_string_equal(same, whole);
	assert_true(cut_length < length);
	json_auto_t *root = parse(cut);
	assert_true(is_truncated(root, "stderr"));
}

static void memory_that_is_gone_is_reported(void **state)
{
	auto_result struct result result = ended(0, 0);
	unsigned n;

	(void)state;
	fill(&result, STREAM_STDOUT, "\xff", 10000);
	for (n = 1; n <= ALLOC_RUNS; n++) {
		size_t length = 77;
		char *text;
		bool failed;

		alloc_fail_at(n);
		text = wire_format_reply(&result, &context, 8000, &length);
		failed = alloc_failed();
		alloc_fail_at(0);
		assert_int_equal(text == NULL, failed);
		assert_int_equal(length == 77, failed);
		free(text);
		if (!failed)
			break;
	}
	assert_in_range(n, 3, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_success),
		cmocka_unit_test(a_compile_from_the_cache),
		cmocka_unit_test(a_crash),
		cmocka_unit_test(a_compile_error),
		cmocka_unit_test(a_compiler_that_was_killed),
		cmocka_unit_test(a_limit),
		cmocka_unit_test(a_job_that_did_not_run),
		cmocka_unit_test(a_wait_that_was_too_long_has_its_evidence),
		cmocka_unit_test(a_problems_output_is_stdout_alone_when_it_succeeded),
		cmocka_unit_test(the_encoding_tells_whether_all_is_text),
		cmocka_unit_test(every_byte_comes_back),
		cmocka_unit_test(labels_are_made_fit),
		cmocka_unit_test(the_smallest_bound_is_always_enough),
		cmocka_unit_test(a_negative_time_is_zero),
		cmocka_unit_test(what_is_too_long_is_cut_fairly),
		cmocka_unit_test(control_characters_are_budgeted_sixfold),
		cmocka_unit_test(base64_is_budgeted_by_four_thirds),
		cmocka_unit_test(a_reply_that_just_fits_is_not_cut),
		cmocka_unit_test(memory_that_is_gone_is_reported),
	};

	return cmocka_run_group_tests_name("wire reply", tests, NULL, NULL);
}
