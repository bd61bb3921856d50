#include "test_wire_request.h"

static void a_minimal_request_is_a_job(void **state)
{
	auto_decoded struct decoded d =
		decode(&base64_profile, "{'code':'cHJpbnQoMSk=','language':'Python'}");

	(void)state;
	assert_int_equal(d.code, 0);
	assert_bytes(&d.job->code, "print(1)", 8);
	assert_string_equal(d.job->language, "python");
	assert_bytes(&d.job->input, "", 0);
	assert_int_equal(d.job->args_count, 0);
	assert_int_equal(d.job->files_count, 0);
	assert_ptr_equal(d.job->profile, &base64_profile);
	assert_memory_equal(&d.job->limits, &base64_profile.limits, sizeof(struct limits));
	assert_null(d.id);
	assert_null(d.job->return_address);
}

static void every_field_arrives(void **state)
{
	auto_decoded struct decoded d = decode(
		&base64_profile,
		"{'code':'eA==','language':'c++','encoding':'base64','id':'job 7',"
		"'stdin':'AP8=','args':['-v','','\\u00e4'],"
		"'files':[{'name':'data/in.txt','content':'aGk='},{'name':'b','content':''}],"
		"'limits':{'wall_ms':1,'cpu_ms':2,'memory_bytes':3,'output_bytes':4,"
		"'processes':5,'file_bytes':6},'priority':[1,{}]}");
	const struct limits lowered = {1, 2, 3, 4, 5, 6, 30000};

	(void)state;
	assert_int_equal(d.code, 0);
	assert_string_equal(d.job->id, "job 7");
	assert_string_equal(d.job->language, "c++");
	assert_bytes(&d.job->code, "x", 1);
	assert_bytes(&d.job->input, "\0\xff", 2);
	assert_int_equal(d.job->args_count, 3);
	assert_string_equal(d.job->args[0], "-v");
	assert_string_equal(d.job->args[1], "");
	assert_string_equal(d.job->args[2], "\xc3\xa4");
	assert_int_equal(d.job->files_count, 2);
	assert_string_equal(d.job->files[0].name, "data/in.txt");
	assert_bytes(&d.job->files[0].content, "hi", 2);
	assert_string_equal(d.job->files[1].name, "b");
	assert_bytes(&d.job->files[1].content, "", 0);
	assert_memory_equal(&d.job->limits, &lowered, sizeof(lowered));
}

static void limits_are_never_raised(void **state)
{
	auto_decoded struct decoded d =
		decode(&utf8_profile, "{'code':'','language':'c','limits':{'wall_ms':10001,"
				      "'processes':9223372036854775807,'cpu_ms':null}}");

	(void)state;
	assert_int_equal(d.code, 0);
	assert_memory_equal(&d.job->limits, &utf8_profile.limits, sizeof(struct limits));
}

static void the_encoding_is_the_requests_or_the_profiles(void **state)
{
	static const struct {
		const struct profile *profile;
		const char *encoding, *code;
	} cases[] = {
		{&base64_profile, "", "x"},
		{&base64_profile, "'encoding':null,", "x"},
		{&base64_profile, "'encoding':'UTF8',", "eA=="},
		{&utf8_profile, "", "eA=="},
		{&utf8_profile, "'encoding':'utf8',", "eA=="},
		{&utf8_profile, "'encoding':'Base64',", "x"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char json[256];

		(void)snprintf(json, sizeof(json),
			       "{%s'code':'eA==','stdin':'eA==','language':'c',"
			       "'files':[{'name':'f','content':'eA=='}]}",
			       cases[i].encoding);
		auto_decoded struct decoded d = decode(cases[i].profile, json);
		assert_int_equal(d.code, 0);
		assert_bytes(&d.job->code, cases[i].code, strlen(cases[i].code));
		assert_bytes(&d.job->input, cases[i].code, strlen(cases[i].code));
		assert_bytes(&d.job->files[0].content, cases[i].code, strlen(cases[i].code));
	}
}

static void names_match_as_in_go(void **state)
{
	static const struct {
		const char *json, *language;
	} cases[] = {
		{"{'Code':'','LANGUAGE':'c'}", "c"},
		{"{'Code':'','Language':'js','language':'c'}", "c"},
		{"{'Code':'','language':'c','Language':'js'}", "c"},
		{"{'Code':'','LANGUAGE':'js','Language':'c'}", "c"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auto_decoded struct decoded d = decode(&base64_profile, cases[i].json);

		assert_int_equal(d.code, 0);
		assert_string_equal(d.job->language, cases[i].language);
	}
}

static void null_counts_as_absent(void **state)
{
	auto_decoded struct decoded d =
		decode(&utf8_profile, "{'code':'','language':'c','encoding':null,'id':null,"
				      "'stdin':null,'args':null,'files':null,'limits':null}");

	(void)state;
	assert_int_equal(d.code, 0);
	assert_bytes(&d.job->code, "", 0);
	assert_int_equal(strlen(d.job->id), 32);
}

static void made_up_ids_are_random(void **state)
{
	static const char request[] = "{'code':'','language':'c','id':''}";
	auto_decoded struct decoded one = decode(&utf8_profile, request);
	auto_decoded struct decoded two = decode(&utf8_profile, request);

	(void)state;
	assert_int_equal(strlen(one.job->id), 32);
	assert_int_equal(strspn(one.job->id, "0123456789abcdef"), 32);
	assert_int_equal(strspn(two.job->id, "0123456789abcdef"), 32);
	assert_string_not_equal(one.job->id, two.job->id);
}

static void text_is_taken_byte_for_byte(void **state)
{
	static const char request[] =
		"{'language':'c','code':'a\\u0000b\\n\\ud83d\\ude00\xc3\xa9','stdin':'\\u0000'}";
	auto_decoded struct decoded d = decode(&utf8_profile, request);

	(void)state;
	assert_int_equal(d.code, 0);
	assert_bytes(&d.job->code, "a\0b\n\xf0\x9f\x98\x80\xc3\xa9", 10);
	assert_bytes(&d.job->input, "\0", 1);
}

static void as_many_files_as_allowed_are_taken(void **state)
{
	struct buf json;
	char *text;

	(void)state;
	buf_init(&json, BUF_UNBOUNDED);
	(void)buf_append_text(&json, "{'code':'','language':'c','files':[");
	for (unsigned i = 0; i < JOB_FILES_MAX; i++)
		(void)buf_append_format(&json, "%s{'name':'d/%u','content':'%u'}",
					i == 0 ? "" : ",", i, i);
	(void)buf_append_text(&json, "]}");
	text = buf_take_text(&json);
	auto_decoded struct decoded d = decode(&utf8_profile, text);
	assert_int_equal(d.code, 0);
	assert_int_equal(d.job->files_count, JOB_FILES_MAX);
	assert_string_equal(d.job->files[1023].name, "d/1023");
	assert_bytes(&d.job->files[1023].content, "1023", 4);
	free(text);
}

static void a_mebibyte_of_code_arrives(void **state)
{
	size_t length = (size_t)1 << 20;
	char *code = malloc(length);
	char *text;
	auto_free char *json = NULL;

	(void)state;
	for (size_t i = 0; i < length; i++)
		code[i] = (char)(i * 7 + i / 256);
	text = base64_encode(code, length);
	json = repeat("{'encoding':'base64','language':'c','code':'", text, 1, "", "'}");
	auto_decoded struct decoded d = decode(&utf8_profile, json);
	assert_int_equal(d.code, 0);
	assert_bytes(&d.job->code, code, length);
	free(text);
	free(code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_minimal_request_is_a_job),
		cmocka_unit_test(every_field_arrives),
		cmocka_unit_test(limits_are_never_raised),
		cmocka_unit_test(the_encoding_is_the_requests_or_the_profiles),
		cmocka_unit_test(names_match_as_in_go),
		cmocka_unit_test(null_counts_as_absent),
		cmocka_unit_test(made_up_ids_are_random),
		cmocka_unit_test(text_is_taken_byte_for_byte),
		cmocka_unit_test(as_many_files_as_allowed_are_taken),
		cmocka_unit_test(a_mebibyte_of_code_arrives),
	};

	return cmocka_run_group_tests_name("wire request", tests, NULL, NULL);
}
