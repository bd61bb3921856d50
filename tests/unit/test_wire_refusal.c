#include "test_wire_request.h"

/* A request that is wrong, what is answered, and what id could be read. */
struct refusal_case {
	const char *json;
	const char *error;
	const char *id;
};

static const struct refusal_case malformed[] = {
	{"", "malformed JSON at line 1, column 0: '[' or '{' expected near end of file", NULL},
	{"hello", "malformed JSON at line 1, column 5: '[' or '{' expected near 'hello'", NULL},
	{"7", "malformed JSON at line 1, column 1: '[' or '{' expected near '7'", NULL},
	{"{'code':\n1", "malformed JSON at line 2, column 1: '}' expected near end of file", NULL},
	{"{} x", "malformed JSON at line 1, column 4: end of file expected near 'x'", NULL},
	{"{'id':'a','id':'b'}",
	 "malformed JSON at line 1, column 14: duplicate object key near '\"id\"'", NULL},
	{"{'a':'\xff'}", "malformed JSON at line 1, column 6: unable to decode byte 0xff near '\"'",
	 NULL},
	{"{'a':'\\ud800'}",
	 "malformed JSON at line 1, column 13: invalid Unicode '\\uD800' near '\"\\ud800\"'", NULL},
	{"{'a':'\\udc00'}",
	 "malformed JSON at line 1, column 13: invalid Unicode '\\uDC00' near '\"\\udc00\"'", NULL},
	{"{'a':'\x01'}", "malformed JSON at line 1, column 6: control character 0x1 near '\"'",
	 NULL},
	{"{'a':123456789012345678901234567890}",
	 "malformed JSON at line 1, column 35: too big integer", NULL},
	{"[]", "the request must be an object, not a list", NULL},
};

static const struct refusal_case wrong_fields[] = {
	{"{}", "field 'language' is required", NULL},
	{"{'id':'i','code':''}", "field 'language' is required", "i"},
	{"{'id':'i','language':'c'}", "field 'code' is required", "i"},
	{"{'id':'i','language':null}", "field 'language' is required", "i"},
	{"{'id':7}", "field 'id' must be a string, not an integer", NULL},
	{"{'id':'a\\tb'}", "field 'id' holds a control character at offset 1", NULL},
	{"{'id':'a\\u0000'}", "field 'id' holds a control character at offset 1", NULL},
	{"{'id':'\\u007f'}", "field 'id' holds a control character at offset 0", NULL},
	{"{'id':'\\u0085'}", "field 'id' holds a control character at offset 0", NULL},
	{"{'language':[]}", "field 'language' must be a string, not a list", NULL},
	{"{'language':''}", "unsupported language: ", NULL},
	{"{'language':'a\\u0000\\u001b'}", "unsupported language: a\\x00\\x1b", NULL},
	{"{'language':'abcdefghijklmnopqrstuvwxyz0123456'}",
	 "unsupported language: abcdefghijklmnopqrstuvwxyz0123456", NULL},
	{"{'language':'c','encoding':true}", "field 'encoding' must be a string, not a boolean",
	 NULL},
	{"{'language':'c','encoding':'hex'}",
	 "field 'encoding' must be 'base64' or 'utf8', not 'hex'", NULL},
	{"{'language':'c','encoding':'utf8\\u0000'}",
	 "field 'encoding' must be 'base64' or 'utf8', not 'utf8\\x00'", NULL},
	{"{'language':'c','code':{}}", "field 'code' must be a string, not an object", NULL},
	{"{'language':'c','code':'','stdin':1.5}",
	 "field 'stdin' must be a string, not a real number", NULL},
	{"{'language':'c','code':'','args':'-v'}", "field 'args' must be a list, not a string",
	 NULL},
	{"{'language':'c','code':'','args':['',null]}",
	 "field 'args[1]' must be a string, not null", NULL},
	{"{'language':'c','code':'','args':['ab\\u0000']}",
	 "field 'args[0]' holds a NUL at offset 2", NULL},
	{"{'language':'c','code':'','files':{}}", "field 'files' must be a list, not an object",
	 NULL},
	{"{'language':'c','code':'','files':[false]}",
	 "field 'files[0]' must be an object, not a boolean", NULL},
	{"{'language':'c','code':'','files':[{'content':''}]}", "field 'files[0].name' is required",
	 NULL},
	{"{'language':'c','code':'','files':[{'name':'a'}]}",
	 "field 'files[0].content' is required", NULL},
	{"{'language':'c','code':'','files':[{'name':1,'content':''}]}",
	 "field 'files[0].name' must be a string, not an integer", NULL},
	{"{'language':'c','code':'','files':[{'name':'a','content':[]}]}",
	 "field 'files[0].content' must be a string, not a list", NULL},
	{"{'language':'c','code':'','files':[{'name':'../a\\n','content':''}]}",
	 "field 'files[0].name' is not a safe file name: '../a\\x0a'", NULL},
	{"{'language':'c','code':'','files':[{'name':'a\\u0000b','content':''}]}",
	 "field 'files[0].name' is not a safe file name: 'a\\x00b'", NULL},
	{"{'language':'c','code':'','files':[{'name':'\xc3\xa9','content':''},"
	 "{'name':'b','content':''},{'name':'\xc3\xa9','content':''}]}",
	 "field 'files[2].name' occurs twice: '\\xc3\\xa9'", NULL},
	{"{'language':'c','code':'','files':[{'name':'d/e/f','content':''},"
	 "{'name':'d/e','content':''}]}",
	 "field 'files[0].name' lies under another file: 'd/e/f'", NULL},
	{"{'language':'c','code':'','limits':[]}", "field 'limits' must be an object, not a list",
	 NULL},
	{"{'language':'c','code':'','limits':{'wall_ms':0}}",
	 "field 'limits.wall_ms' must be a positive integer, not 0", NULL},
	{"{'language':'c','code':'','limits':{'cpu_ms':-5}}",
	 "field 'limits.cpu_ms' must be a positive integer, not -5", NULL},
	{"{'language':'c','code':'','limits':{'memory_bytes':1.5}}",
	 "field 'limits.memory_bytes' must be a positive integer, not a real number", NULL},
	{"{'language':'c','code':'','limits':{'output_bytes':'9'}}",
	 "field 'limits.output_bytes' must be a positive integer, not a string", NULL},
	{"{'language':'c','code':'','limits':{'processes':-9223372036854775808}}",
	 "field 'limits.processes' must be a positive integer, not -9223372036854775808", NULL},
	{"{'language':'c','code':'','limits':{'file_bytes':true}}",
	 "field 'limits.file_bytes' must be a positive integer, not a boolean", NULL},
	{"{'id':'late','language':'c','code':'','limits':1}",
	 "field 'limits' must be an object, not an integer", "late"},
};

static const struct refusal_case wrong_base64[] = {
	{"{'language':'c','code':'a!b=','id':'x'}",
	 "field 'code' is not valid base64: byte '!' at offset 1", "x"},
	{"{'language':'c','code':'abc'}",
	 "field 'code' is not valid base64: it ends too early, at offset 3", NULL},
	{"{'language':'c','code':'ab\\u0000='}",
	 "field 'code' is not valid base64: byte '\\x00' at offset 2", NULL},
	{"{'language':'c','code':'\xc3\xa9'}",
	 "field 'code' is not valid base64: byte '\\xc3' at offset 0", NULL},
	{"{'language':'c','code':'','stdin':'='}",
	 "field 'stdin' is not valid base64: byte '=' at offset 0", NULL},
	{"{'language':'c','code':'','files':[{'name':'a','content':''},"
	 "{'name':'b','content':'YQ==YQ=='}]}",
	 "field 'files[1].content' is not valid base64: byte 'Y' at offset 4", NULL},
};

static void check_refusals(const struct refusal_case *cases, size_t count, bool decode_error)
{
	for (size_t i = 0; i < count; i++) {
		auto_decoded struct decoded d = decode(&base64_profile, cases[i].json);

		assert_int_equal(d.code, -EINVAL);
		assert_int_equal(d.refusal.verdict, VERDICT_REJECTED);
		assert_string_equal(d.refusal.error, cases[i].error);
		assert_int_equal(d.refusal.decode_error, decode_error);
		assert_null(d.job);
		if (cases[i].id == NULL)
			assert_null(d.id);
		else
			assert_string_equal(d.id, cases[i].id);
	}
}

#define CHECK(cases, decode_error)                                                                 \
	check_refusals(cases, sizeof(cases) / sizeof((cases)[0]), decode_error)

static void malformed_json_is_refused_with_its_place(void **state)
{
	(void)state;
	CHECK(malformed, false);
}

static void wrong_fields_are_refused_by_name(void **state)
{
	(void)state;
	CHECK(wrong_fields, false);
}

static void wrong_base64_is_refused_by_byte(void **state)
{
	(void)state;
	CHECK(wrong_base64, true);
}

static void too_much_code_is_refused(void **state)
{
	static const struct {
		const char *encoding, *code;
		int expected;
	} cases[] = {
		{"utf8", "0123456789abcdef0123456789abcdef", 0},
		{"utf8", "0123456789abcdef0123456789abcdefX", -EMSGSIZE},
		{"base64", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", 0},
		{"base64", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWZY", -EMSGSIZE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char json[256];

		(void)snprintf(json, sizeof(json),
			       "{'id':'n','code':'%s','encoding':'%s','language':'c'}",
			       cases[i].code, cases[i].encoding);
		auto_decoded struct decoded d = decode(&base64_profile, json);
		assert_int_equal(d.code, cases[i].expected);
		if (d.code == 0) {
			assert_bytes(&d.job->code, "0123456789abcdef0123456789abcdef", 32);
			continue;
		}
		assert_int_equal(d.refusal.verdict, VERDICT_REJECTED);
		assert_false(d.refusal.decode_error);
		assert_string_equal(d.refusal.error,
				    "Code length exceeds maximum limit: Max length allowed is 32");
		assert_string_equal(d.id, "n");
	}
}

static void assert_refused(const char *json, const char *error)
{
	auto_decoded struct decoded d = decode(&utf8_profile, json);

	assert_int_equal(d.code, -EINVAL);
	assert_string_equal(d.refusal.error, error);
}

static void lists_are_bounded(void **state)
{
	static const char begin[] = "{'code':'','language':'c',";
	auto_free char *prefix = repeat(begin, "'args':[", 1, "", "");
	auto_free char *most = repeat(prefix, "'a'", JOB_ARGS_MAX, ",", "]}");
	auto_free char *more = repeat(prefix, "'a'", JOB_ARGS_MAX + 1, ",", "]}");
	auto_free char *files_prefix = repeat(begin, "'files':[", 1, "", "");
	auto_free char *files = repeat(files_prefix, "{}", JOB_FILES_MAX + 1, ",", "]}");
	auto_decoded struct decoded d = decode(&utf8_profile, most);

	(void)state;
	assert_int_equal(d.code, 0);
	assert_int_equal(d.job->args_count, JOB_ARGS_MAX);
	assert_refused(more, "field 'args' has 257 items, at most 256");
	assert_refused(files, "field 'files' has 1025 items, at most 1024");
}

static void long_texts_are_shortened(void **state)
{
	auto_free char *id = repeat("{'id':'", "i", 129, "", "'}");
	auto_free char *longest = repeat("{'id':'", "i", 128, "", "'}");
	auto_free char *language = repeat("{'language':'", "\xf0\x9f\x98\x80", 5000, "", "'}");
	auto_free char *name = repeat("{'code':'','language':'c','files':[{'name':'", "n", 256, "",
				      "','content':''}]}");
	auto_free char *expected_name =
		repeat("field 'files[0].name' is not a safe file name: '", "n", 88, "", "...'");
	auto_free char *expected_language =
		repeat("unsupported language: ", "\\xf0\\x9f\\x98\\x80", 5, "", "\\xf0\\x9f...");
	auto_decoded struct decoded d = decode(&utf8_profile, longest);

	(void)state;
	assert_refused(id, "field 'id' is too long: 129 bytes, at most 128");
	assert_refused(language, expected_language);
	assert_refused(name, expected_name);
	assert_int_equal(d.code, -EINVAL);
	assert_int_equal(strlen(d.id), 128);
}

static void deep_and_wide_json_is_refused(void **state)
{
	auto_free char *deep = repeat("{'a':", "[", 30000, "", "");
	auto_free char *wide = repeat("{'a':[", "0", 32769, ",", "]}");
	auto_free char *text = repeat("{'language':'c','code':'", "[{,\\\"", 40000, "", "'}");
	auto_decoded struct decoded d = decode(&utf8_profile, text);

	(void)state;
	assert_refused(deep, "malformed JSON at line 1, column 2053: "
			     "maximum parsing depth reached near '['");
	assert_refused(wide, "request has too many JSON values: at most 32768");
	assert_int_equal(d.code, 0);
	assert_int_equal(d.job->code.length, 160000);
}

static void a_large_request_is_refused_unread(void **state)
{
	struct job *job = NULL;
	struct result refusal;
	char *id = NULL;

	(void)state;
	result_init(&refusal, 0);
	assert_int_equal(wire_decode_request(&utf8_profile, "{}x", 3, 2, &job, &refusal, &id),
			 -EMSGSIZE);
	assert_int_equal(refusal.verdict, VERDICT_REJECTED);
	assert_string_equal(refusal.error, "request too large: 3 bytes, at most 2");
	assert_null(id);
	assert_null(job);
	result_fini(&refusal);
}

static const char full_text[] =
	"{'id':'seven','code':'eA==','language':'c','encoding':'base64','stdin':'eA==',"
	"'args':['one','two'],'files':[{'name':'a/b','content':'eA=='},"
	"{'name':'c','content':'eQ=='}],'limits':{'wall_ms':5}}";

static void assert_sound(const struct decoded *d)
{
	if (d->code == 0) {
		assert_non_null(d->job);
		assert_null(d->id);
		return;
	}
	assert_null(d->job);
	assert_int_not_equal(d->refusal.verdict, VERDICT_OK);
	assert_true(utf8_is_valid((const uint8_t *)d->refusal.error, strlen(d->refusal.error)));
	assert_true(strlen(d->refusal.error) > 0);
}

static void a_request_cut_anywhere_is_refused(void **state)
{
	auto_free char *full_request = json_of(full_text);

	(void)state;
	for (size_t length = 0; length < strlen(full_request); length++) {
		auto_decoded struct decoded d = decode_bytes(&base64_profile, full_request, length);

		assert_int_equal(d.code, -EINVAL);
		assert_sound(&d);
	}
}

static void a_request_with_any_bit_flipped_is_answered(void **state)
{
	auto_free char *full_request = json_of(full_text);
	size_t length = strlen(full_request);
	char copy[sizeof(full_text)];

	(void)state;
	for (size_t bit = 0; bit < 8 * length; bit++) {
		memcpy(copy, full_request, sizeof(copy));
		copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << (bit % 8)));
		auto_decoded struct decoded d = decode_bytes(&base64_profile, copy, length);
		assert_sound(&d);
	}
}

/* jansson reports memory that is gone while it reads as an error of syntax, so the errno is not
 * looked at; everything of Kiln's own answers with an internal error. */
static void memory_that_is_gone_is_survived(void **state)
{
	auto_free char *full_request = json_of(full_text);
	unsigned n, internal_errors = 0;

	(void)state;
	for (n = 1; n <= ALLOC_RUNS; n++) {
		bool failed;

		alloc_fail_at(n);
		auto_decoded struct decoded d =
			decode_bytes(&base64_profile, full_request, strlen(full_request));
		failed = alloc_failed();
		alloc_fail_at(0);
		assert_int_equal(d.code < 0, failed);
		assert_sound(&d);
		if (!failed)
			break;
		if (d.code == -ENOMEM) {
			assert_int_equal(d.refusal.verdict, VERDICT_INTERNAL_ERROR);
			assert_string_equal(d.refusal.error, "out of memory");
			internal_errors++;
		}
	}
	assert_in_range(n, 30, ALLOC_RUNS);
	assert_true(internal_errors >= 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malformed_json_is_refused_with_its_place),
		cmocka_unit_test(wrong_fields_are_refused_by_name),
		cmocka_unit_test(wrong_base64_is_refused_by_byte),
		cmocka_unit_test(too_much_code_is_refused),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(long_texts_are_shortened),
		cmocka_unit_test(deep_and_wide_json_is_refused),
		cmocka_unit_test(a_large_request_is_refused_unread),
		cmocka_unit_test(a_request_cut_anywhere_is_refused),
		cmocka_unit_test(a_request_with_any_bit_flipped_is_answered),
		cmocka_unit_test(memory_that_is_gone_is_survived),
	};

	return cmocka_run_group_tests_name("wire refusal", tests, NULL, NULL);
}
