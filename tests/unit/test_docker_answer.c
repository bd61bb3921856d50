/* The daemon's answers are read right, and checked for type. */
#include "docker/answer.h"
#include "docker/json.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SOME_OF_ID "3456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define TOO_LARGE "\"ExitCode\":2147483648"

static json_t *parse(const char *text)
{
	json_t *answer = NULL;

	if (docker_json_parse(text, strlen(text), &answer, NULL) < 0)
		fail_msg("not JSON: %s", text);
	return answer;
}

static void test_ids(void **state)
{
	(void)state;
	assert_true(docker_id_is_valid(ID));
	assert_false(docker_id_is_valid(NULL));
	assert_false(docker_id_is_valid(""));
	assert_false(docker_id_is_valid(ID "0"));
	assert_false(docker_id_is_valid(&ID[1]));
	assert_false(docker_id_is_valid("../" SOME_OF_ID));
	assert_false(docker_id_is_valid("ABC" SOME_OF_ID));
	assert_true(docker_id_is_valid("abc" SOME_OF_ID));
}

static void test_bad_json(void **state)
{
	static const char *const bad[] = {"", "x", "{", "\"text\"", "{}x", "{\"a\":\"\\u0000\"}",
					  "{\"a\":\"\xff\"}"};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json_t *answer = NULL;

		assert_int_equal(docker_json_parse(bad[i], strlen(bad[i]), &answer, &err),
				 -EPROTO);
		assert_null(answer);
		assert_non_null(strstr(err.text, "not JSON"));
	}
}

static void test_messages(void **state)
{
	static const struct {
		const char *answer, *message;
	} cases[] = {
		{"{\"message\":\"No such container: x\"}", "No such container: x"},
		{"{\"message\":\"two\\nlines\\u001b[31m\"}", "two lines [31m"},
		{"{\"message\":\"longer than there is room for\"}", "longer than there is room fo"},
		{"{\"message\":7}", "no message"},
		{"{\"message\":\"\"}", "no message"},
		{"[]", "no message"},
		{"page not found", "no message"},
		{"", "no message"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char message[29];

		docker_answer_message(cases[i].answer, strlen(cases[i].answer), message,
				      sizeof(message));
		assert_string_equal(message, cases[i].message);
	}
	/* A body that never came. */
	{
		char message[29];

		docker_answer_message(NULL, 0, message, sizeof(message));
		assert_string_equal(message, "no message");
	}
}

static void test_version_choice(void **state)
{
	static const struct {
		const char *minimum, *newest, *used; /* NULL: none in common */
	} cases[] = {
		{"1.12", "1.41", "1.41"},
		{"1.12", "1.40", "1.40"},
		{"1.24", "1.47", "1.47"},
		{"1.44", "1.52", "1.47"},
		{"1.47", "1.60", "1.47"},
		{"1.48", "1.60", NULL},
		{"1.12", "1.39", NULL},
		{"1.12", "1.9", NULL},
		{"1.44", "2.0", "1.47"},
		{"2.0", "2.1", NULL},
		{"", "1.41", NULL},
		{"1.12", "1", NULL},
		{"1.12", "1.41/../../x", NULL},
		{"1.12", "1.4100", NULL},
		{"1.12", "-1.41", NULL},
		{"1.12", " 1.41", NULL},
		{"1.12", "1.41.1", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auto_json json_t *answer = json_pack("{s:s,s:s,s:s}", "Version", "9", "ApiVersion",
						     cases[i].newest, "MinAPIVersion",
						     cases[i].minimum);
		struct docker_version version = {.used = "same"};
		struct err err = {0};
		int result = docker_answer_version(answer, &version, &err);

		assert_int_equal(result, cases[i].used == NULL ? -EPROTO : 0);
		assert_string_equal(version.used, cases[i].used == NULL ? "same" : cases[i].used);
		assert_int_equal(err.code, result);
	}
}

static void test_version_ranges_are_told(void **state)
{
	auto_json json_t *answer =
		parse("{\"Version\":\"99\",\"ApiVersion\":\"1.60\",\"MinAPIVersion\":\"1.50\"}");
	struct docker_version version;
	struct err err;

	(void)state;
	assert_int_equal(docker_answer_version(answer, &version, &err), -EPROTO);
	assert_string_equal(err.text,
			    "the daemon speaks API versions 1.50 to 1.60, Kiln 1.40 to 1.47");
}

#define INFO(cgroup, options, memory)                                                      \
	"{\"CgroupDriver\":\"systemd\"," cgroup "\"Driver\":\"overlay2\","                 \
	"\"DefaultRuntime\":\"runc\",\"Runtimes\":{\"runc\":{\"path\":\"runc\"},\"runsc\":{}}," \
	"\"SecurityOptions\":" options ",\"MemoryLimit\":true,\"SwapLimit\":false,"        \
	"\"PidsLimit\":true,\"CpuCfsQuota\":true,\"MemTotal\":" memory ",\"NCPU\":4}"

static void test_info(void **state)
{
	auto_json json_t *answer =
		parse(INFO("\"CgroupVersion\":\"2\",",
			   "[\"name=seccomp,profile=default\",\"name=rootless\",1]", "1024"));
	auto_json json_t *old = parse(INFO("", "[\"name=seccompx\",\"seccomp\"]", "1024"));
	struct docker_info info;

	(void)state;
	assert_int_equal(docker_answer_info(answer, &info, NULL), 0);
	assert_string_equal(info.cgroup_version, "2");
	assert_string_equal(info.cgroup_driver, "systemd");
	assert_string_equal(info.storage_driver, "overlay2");
	assert_string_equal(info.default_runtime, "runc");
	assert_string_equal(info.runtimes, "runc runsc");
	assert_true(info.has_seccomp);
	assert_true(info.is_rootless);
	assert_true(info.limits_memory && info.limits_pids && info.limits_cpu);
	assert_false(info.limits_swap);
	assert_int_equal(info.memory_bytes, 1024);
	assert_int_equal(info.cpus, 4);

	assert_int_equal(docker_answer_info(old, &info, NULL), 0);
	assert_string_equal(info.cgroup_version, "1");
	assert_false(info.has_seccomp);
	assert_false(info.is_rootless);
}

static void test_runtimes_keep_whole_names(void **state)
{
	auto_json json_t *answer = parse(INFO("", "[]", "1"));
	json_t *runtimes = json_object_get(answer, "Runtimes");
	struct docker_info info;

	(void)state;
	for (int i = 0; i < 100; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "runtime-%02d", i);
		assert_int_equal(json_object_set_new(runtimes, name, json_object()), 0);
	}
	assert_int_equal(docker_answer_info(answer, &info, NULL), 0);
	assert_memory_equal(info.runtimes, "runc runsc runtime-00 ", 22);
	assert_int_equal((strlen(info.runtimes) - 10) % 11, 0);
	assert_true(strlen(info.runtimes) > sizeof(info.runtimes) - 12);
}

static void test_bad_info_is_named(void **state)
{
	static const char *const keys[] = {"CgroupDriver", "Driver", "DefaultRuntime", "Runtimes",
					   "MemoryLimit", "SwapLimit", "PidsLimit", "CpuCfsQuota",
					   "MemTotal", "NCPU"};
	struct docker_info info;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		auto_json json_t *answer = parse(INFO("", "[]", "1"));

		assert_int_equal(json_object_set_new(answer, keys[i], json_null()), 0);
		assert_int_equal(docker_answer_info(answer, &info, &err), -EPROTO);
		assert_non_null(strstr(err.text, keys[i]));
	}
	{
		auto_json json_t *answer = parse(INFO("", "[]", "-1"));

		assert_int_equal(docker_answer_info(answer, &info, &err), -EPROTO);
	}
}

static void test_state(void **state)
{
	static const char *const bad[] = {
		"{}", "[]", "{\"State\":[]}",
		"{\"State\":{\"Running\":1,\"OOMKilled\":false,\"Pid\":1,\"ExitCode\":0}}",
		"{\"State\":{\"Running\":true,\"Pid\":1,\"ExitCode\":0}}",
		"{\"State\":{\"Running\":true,\"OOMKilled\":false,\"Pid\":-1,\"ExitCode\":0}}",
		"{\"State\":{\"Running\":true,\"OOMKilled\":false,\"Pid\":1,\"ExitCode\":\"0\"}}",
		"{\"State\":{\"Running\":true,\"OOMKilled\":false,\"Pid\":1," TOO_LARGE "}}",
	};
	auto_json json_t *good =
		parse("{\"State\":{\"Running\":true,\"OOMKilled\":true,\"Pid\":42,"
		      "\"ExitCode\":137}}");
	struct docker_state seen = {0};

	(void)state;
	assert_int_equal(docker_answer_state(good, &seen, NULL), 0);
	assert_true(seen.running && seen.oom_killed && seen.pid == 42 && seen.exit_code == 137);
	assert_string_equal(seen.image_id, "");
	assert_int_equal(json_object_set_new(good, "Image", json_string("sha256:" ID)), 0);
	assert_int_equal(docker_answer_state(good, &seen, NULL), 0);
	assert_string_equal(seen.image_id, "sha256:" ID);
	assert_int_equal(json_object_set_new(good, "Image", json_string(ID ID)), 0);
	assert_int_equal(docker_answer_state(good, &seen, NULL), 0);
	assert_string_equal(seen.image_id, "");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		auto_json json_t *answer = parse(bad[i]);

		assert_int_equal(docker_answer_state(answer, &seen, NULL), -EPROTO);
		assert_int_equal(seen.pid, 42);
	}
}

static void test_exit_code(void **state)
{
	static const struct {
		const char *answer;
		int result;
	} cases[] = {
		{"{\"StatusCode\":3,\"Error\":null}", 0},
		{"{\"StatusCode\":3}", 0},
		{"{\"StatusCode\":0,\"Error\":{\"Message\":\"could not\\nwait\"}}", -EIO},
		{"{\"StatusCode\":\"3\"}", -EPROTO},
		{"{}", -EPROTO},
		{"[]", -EPROTO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auto_json json_t *answer = parse(cases[i].answer);
		struct err err = {0};
		int exit_code = 77;

		assert_int_equal(docker_answer_exit_code(answer, &exit_code, &err),
				 cases[i].result);
		assert_int_equal(exit_code, cases[i].result == 0 ? 3 : 77);
		if (cases[i].result == -EIO)
			assert_string_equal(err.text, "could not wait");
	}
}

static void test_lists(void **state)
{
	static const char *const bad[] = {"{}", "[{}]", "[\"" ID "\"]", "[{\"Id\":\"short\"}]",
					  "[{\"Id\":\"" ID "\"},{\"Id\":1}]"};
	auto_json json_t *none = parse("[]");
	auto_json json_t *two = parse("[{\"Id\":\"" ID "\"},{\"Id\":\"" ID "\"}]");
	char(*ids)[DOCKER_ID_BYTES] = NULL;
	size_t count = 77;

	(void)state;
	assert_int_equal(docker_answer_ids(none, &ids, &count, NULL), 0);
	assert_int_equal(count, 0);
	free(ids);
	assert_int_equal(docker_answer_ids(two, &ids, &count, NULL), 0);
	assert_int_equal(count, 2);
	assert_string_equal(ids[1], ID);
	free(ids);
	ids = NULL;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		auto_json json_t *answer = parse(bad[i]);

		assert_int_equal(docker_answer_ids(answer, &ids, &count, NULL), -EPROTO);
		assert_null(ids);
	}
}

#define ACTOR(attributes) "\"Actor\":{\"ID\":\"" ID "\",\"Attributes\":" attributes "}"

static void test_events(void **state)
{
	static const struct {
		const char *answer;
		int result;
		enum docker_event_kind kind;
		int exit_code;
	} cases[] = {
		{"{\"Type\":\"container\",\"Action\":\"die\"," ACTOR("{\"exitCode\":\"137\"}") "}",
		 0, DOCKER_EVENT_DIE, 137},
		{"{\"status\":\"die\",\"id\":\"" ID "\",\"Actor\":{\"Attributes\":"
		 "{\"exitCode\":\"0\"}}}", 0, DOCKER_EVENT_DIE, 0},
		{"{\"Type\":\"container\",\"Action\":\"oom\"," ACTOR("{}") "}", 0,
		 DOCKER_EVENT_OOM, 0},
		{"{\"Type\":\"container\",\"Action\":\"exec_start: sh\"," ACTOR("{}") "}", 0,
		 DOCKER_EVENT_OTHER, 0},
		{"{\"Type\":\"network\",\"Action\":\"die\",\"Actor\":{\"ID\":\"x\"}}", 0,
		 DOCKER_EVENT_OTHER, 0},
		{"{\"Type\":\"container\",\"Action\":\"die\"," ACTOR("{}") "}", -EPROTO, 0, 0},
		{"{\"Type\":\"container\",\"Action\":\"die\"," ACTOR("{\"exitCode\":1}") "}",
		 -EPROTO, 0, 0},
		{"{\"Type\":\"container\",\"Action\":\"die\"," ACTOR("{\"exitCode\":\"1x\"}") "}",
		 -EPROTO, 0, 0},
		{"{\"Type\":\"container\",\"Action\":\"die\","
		 ACTOR("{\"exitCode\":\"99999999999999999999\"}") "}", -EPROTO, 0, 0},
		{"{\"Type\":\"container\",\"Action\":\"oom\",\"Actor\":{\"ID\":\"x\"}}",
		 -EPROTO, 0, 0},
		{"{\"Type\":\"container\",\"Action\":7}", -EPROTO, 0, 0},
		{"{}", -EPROTO, 0, 0},
		{"[]", -EPROTO, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auto_json json_t *answer = parse(cases[i].answer);
		struct docker_event event = {.exit_code = 77};

		assert_int_equal(docker_answer_event(answer, &event, NULL), cases[i].result);
		assert_int_equal(event.exit_code, cases[i].result < 0 ? 77 : cases[i].exit_code);
		if (cases[i].result == 0)
			assert_int_equal(event.kind, cases[i].kind);
		if (cases[i].result == 0 && event.kind != DOCKER_EVENT_OTHER)
			assert_string_equal(event.id, ID);
	}
}

static void test_event_time(void **state)
{
	auto_json json_t *good = parse("{\"timeNano\":1700000000123456789}");
	auto_json json_t *negative = parse("{\"timeNano\":-1}");
	auto_json json_t *text = parse("{\"timeNano\":\"1\"}");

	(void)state;
	assert_true(docker_answer_time_ns(good) == INT64_C(1700000000123456789));
	assert_true(docker_answer_time_ns(negative) == 0);
	assert_true(docker_answer_time_ns(text) == 0);
}

static void test_allocation_failures(void **state)
{
	static const char text[] = "[{\"Id\":\"" ID "\",\"Names\":[\"/a\"],\"N\":1}]";
	unsigned n;

	(void)state;
	for (n = 1; n <= ALLOC_RUNS; n++) {
		json_t *answer = NULL;
		char(*ids)[DOCKER_ID_BYTES] = NULL;
		size_t count;
		int result;

		alloc_fail_at(n);
		result = docker_json_parse(text, sizeof(text) - 1, &answer, NULL);
		if (result == 0)
			result = docker_answer_ids(answer, &ids, &count, NULL);
		json_decref(answer);
		free(ids);
		if (!alloc_failed()) {
			assert_int_equal(result, 0);
			break;
		}
		/* jansson's lexer takes a failed allocation for a bad token. */
		assert_true(result == -ENOMEM || result == -EPROTO);
	}
	alloc_fail_at(0);
	assert_true(n > 5 && n < ALLOC_RUNS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_bad_json),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_version_choice),
		cmocka_unit_test(test_version_ranges_are_told),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_runtimes_keep_whole_names),
		cmocka_unit_test(test_bad_info_is_named),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_exit_code),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_event_time),
		cmocka_unit_test(test_allocation_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
