/* The body that creates a container has every wall in it. */
#include "docker/answer.h"
#include "docker/json.h"
#include "docker/spec.h"
#include "support/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const command[] = {"/kiln-agent", "--socket", NULL};
static const char *const environment[] = {"A=b", NULL};
static const char *const capabilities[] = {"SETUID", "KILL", NULL};
static const char *const security[] = {"no-new-privileges", NULL};
static const struct docker_tmpfs tmpfs[] = {{"/tmp", "rw,size=1m"}, {"/work", "rw"}};
static const struct docker_bind binds[] = {{"/run/kiln:1", "/kiln", true}};
static const struct docker_ulimit ulimits[] = {{"core", 0, 0}, {"nofile", 64, 128}};

static const struct docker_spec full = {
	.image = "kiln/worker",
	.command = command,
	.environment = environment,
	.label_name = "kiln.engine",
	.label_value = "e1",
	.runtime = "runsc",
	.attach_stdio = true,
	.memory_bytes = 419430400,
	.cpu_period_us = 1000000,
	.cpu_quota_us = 500000,
	.pids = 64,
	.shm_bytes = 1048576,
	.oom_score_adj = 500,
	.capabilities = capabilities,
	.security_options = security,
	.tmpfs = tmpfs,
	.tmpfs_count = 2,
	.binds = binds,
	.binds_count = 1,
	.ulimits = ulimits,
	.ulimits_count = 2,
};

static const char full_body[] =
	"{\"Image\":\"kiln/worker\",\"Cmd\":[\"/kiln-agent\",\"--socket\"],\"Env\":[\"A=b\"],"
	"\"Labels\":{\"kiln.engine\":\"e1\"},\"NetworkDisabled\":true,\"Tty\":false,"
	"\"AttachStdin\":true,\"AttachStdout\":true,\"AttachStderr\":true,\"OpenStdin\":true,"
	"\"StdinOnce\":true,\"HostConfig\":{\"NetworkMode\":\"none\",\"IpcMode\":\"private\","
	"\"Privileged\":false,\"ReadonlyRootfs\":true,\"CapDrop\":[\"ALL\"],"
	"\"CapAdd\":[\"SETUID\",\"KILL\"],\"SecurityOpt\":[\"no-new-privileges\"],"
	"\"Memory\":419430400,\"MemorySwap\":419430400,\"CpuPeriod\":1000000,\"CpuQuota\":500000,"
	"\"PidsLimit\":64,\"ShmSize\":1048576,\"OomScoreAdj\":500,"
	"\"Ulimits\":[{\"Name\":\"core\",\"Soft\":0,\"Hard\":0},"
	"{\"Name\":\"nofile\",\"Soft\":64,\"Hard\":128}],"
	"\"Tmpfs\":{\"/tmp\":\"rw,size=1m\",\"/work\":\"rw\"},"
	"\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/run/kiln:1\",\"Target\":\"/kiln\","
	"\"ReadOnly\":true,\"BindOptions\":{\"Propagation\":\"rprivate\"}}],"
	"\"LogConfig\":{\"Type\":\"none\",\"Config\":{}},\"AutoRemove\":true,\"Init\":false,"
	"\"Runtime\":\"runsc\"}}";

static void test_full_body(void **state)
{
	char *body = docker_spec_format(&full, NULL);

	(void)state;
	assert_non_null(body);
	assert_string_equal(body, full_body);
	free(body);
}

static void test_smallest_body_keeps_the_walls(void **state)
{
	const struct docker_spec spec = {.image = "x", .memory_bytes = UINT64_MAX};
	char *body = docker_spec_format(&spec, NULL);
	auto_json json_t *object = NULL;
	json_t *host;

	(void)state;
	assert_non_null(body);
	assert_int_equal(docker_json_parse(body, strlen(body), &object, NULL), 0);
	free(body);
	host = json_object_get(object, "HostConfig");
	assert_true(json_is_true(json_object_get(object, "NetworkDisabled")));
	assert_string_equal(json_string_value(json_object_get(host, "NetworkMode")), "none");
	assert_true(json_is_true(json_object_get(host, "ReadonlyRootfs")));
	assert_true(json_is_true(json_object_get(host, "AutoRemove")));
	assert_false(json_is_true(json_object_get(object, "OpenStdin")));
	assert_int_equal(json_array_size(json_object_get(host, "CapDrop")), 1);
	assert_int_equal(json_array_size(json_object_get(host, "CapAdd")), 0);
	assert_true(json_integer_value(json_object_get(host, "Memory")) == INT64_MAX);
	assert_null(json_object_get(host, "Runtime"));
	assert_null(json_object_get(host, "PidsLimit"));
	assert_null(json_object_get(host, "ShmSize"));
}

static void test_text_that_is_not_utf8(void **state)
{
	const struct docker_spec spec = {.image = "\xff"};
	struct err err = {0};

	(void)state;
	assert_null(docker_spec_format(&spec, &err));
	assert_non_null(strstr(err.text, "UTF-8"));
}

static void test_allocation_failures(void **state)
{
	unsigned n;

	(void)state;
	for (n = 1; n <= ALLOC_RUNS; n++) {
		char *body;

		alloc_fail_at(n);
		body = docker_spec_format(&full, NULL);
		if (!alloc_failed()) {
			assert_string_equal(body, full_body);
			free(body);
			break;
		}
		assert_null(body);
	}
	alloc_fail_at(0);
	assert_true(n > 100 && n < ALLOC_RUNS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_body),
		cmocka_unit_test(test_smallest_body_keeps_the_walls),
		cmocka_unit_test(test_text_that_is_not_utf8),
		cmocka_unit_test(test_allocation_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
