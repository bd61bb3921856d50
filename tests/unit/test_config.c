#include "config/config.h"

#include "base/cleanup.h"
#include "config/options.h"
#include "support/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MI (1024 * 1024)
#define PROBLEMS_MAX 65536

static char directory[64];

/* An empty folder to work in, and none of the variables set. */
static int make_scene(void **state)
{
	char *names[512];
	size_t count = 0;

	(void)state;
	for (char **variable = environ; *variable != NULL && count < 512; variable++) {
		if (strncmp(*variable, "KILN_", 5) == 0)
			names[count++] = strndup(*variable, strcspn(*variable, "="));
	}
	while (count > 0) {
		(void)unsetenv(names[--count]);
		free(names[count]);
	}
	(void)unsetenv("NATSURL");
	(void)unsetenv("ENVIRONMENT");
	(void)snprintf(directory, sizeof(directory), "/tmp/test_config.XXXXXX");
	return mkdtemp(directory) == NULL ? -1 : chdir(directory);
}

static int remove_scene(void **state)
{
	(void)state;
	(void)unlink(".env");
	return chdir("/") < 0 ? -1 : rmdir(directory);
}

static void write_dotenv(const char *text)
{
	auto_fclose FILE *file = fopen(".env", "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
}

/* "NAME=value NAME=value": the values have no blanks. */
static void set_all(const char *settings)
{
	auto_free char *copy = strdup(settings);
	char *rest = copy;
	char *setting;

	while ((setting = strsep(&rest, " ")) != NULL) {
		char *equals = strchr(setting, '=');

		if (equals == NULL)
			continue;
		*equals = '\0';
		assert_int_equal(setenv(setting, equals + 1, 1), 0);
	}
}

static void unset_all(const char *settings)
{
	auto_free char *copy = strdup(settings);
	char *rest = copy;
	char *setting;

	while ((setting = strsep(&rest, " ")) != NULL) {
		setting[strcspn(setting, "=")] = '\0';
		if (setting[0] != '\0')
			assert_int_equal(unsetenv(setting), 0);
	}
}

static struct config *load_good(void)
{
	auto_buf struct buf problems = {.max = PROBLEMS_MAX};
	struct config *config = config_load(&problems);

	if (config == NULL)
		fail_msg("%.*s", (int)problems.length, (const char *)problems.data);
	assert_int_equal(problems.length, 0);
	return config;
}

static char *load_bad(void)
{
	struct buf problems = {.max = PROBLEMS_MAX};

	assert_null(config_load(&problems));
	return buf_take_text(&problems);
}

static void check_profile(const struct profile *profile, const char *subject, size_t code_max)
{
	assert_string_equal(profile->subject, subject);
	assert_int_equal(profile->encoding, ENCODING_BASE64);
	assert_int_equal(profile->code_bytes_max, code_max);
	assert_int_equal(profile->limits.wall_ms, 10000);
	assert_int_equal(profile->limits.cpu_ms, 10000);
	assert_int_equal(profile->limits.memory_bytes, 400 * MI);
	assert_int_equal(profile->limits.output_bytes, MI);
	assert_int_equal(profile->limits.processes, 128);
	assert_int_equal(profile->limits.file_bytes, 64 * MI);
	assert_int_equal(profile->limits.compile_wall_ms, 10000);
}

static void test_default_services(void **state)
{
	struct config *config = load_good();

	(void)state;
	assert_null(config->environment);
	assert_string_equal(config->nats_url, "nats://localhost:4222");
	assert_null(config->nats_user);
	assert_null(config->nats_password);
	assert_null(config->nats_token);
	assert_null(config->nats_credentials_file);
	assert_null(config->nats_nkey);
	assert_null(config->nats_nkey_seed_file);
	assert_false(config->nats_tls);
	assert_string_equal(config->nats_queue_group, "kiln");
	assert_int_equal(config->nats_buffer_bytes, 64 * MI);
	assert_null(config->result_subject);
	assert_int_equal(config->request_bytes_max, 8 * MI);
	assert_string_equal(config->docker_socket, "/var/run/docker.sock");
	assert_string_equal(config->image, "kiln/worker:latest");
	assert_null(config->runtime);
	assert_int_equal(config->channel, CHANNEL_SOCKET);
	assert_string_equal(config->run_dir, "/run/kiln");
	assert_string_equal(config->run_dir_host, "/run/kiln");
	assert_int_equal(config->log_level, LOG_INFO);
	assert_int_equal(config->log_format, LOG_AUTO);
	config_free(config);
}

static void test_default_limits(void **state)
{
	struct config *config = load_good();

	(void)state;
	check_profile(&config->compiler, "compiler.execute.request", 10000);
	check_profile(&config->problems, "problems.execute.request", MI);
	assert_false(config->compiler.stdout_only);
	assert_true(config->problems.stdout_only);
	assert_int_equal(config->container_memory_bytes, 419430400);
	assert_true(fabs(config->container_cpus - 0.5) < 1e-9);
	assert_int_equal(config->container_pids, 128);
	assert_int_equal(config->workspace_bytes, 64 * MI);
	assert_int_equal(config->workspace_inodes, 16384);
	assert_int_equal(config->jobs_per_container, 1000);
	assert_int_equal(config->queue_capacity, 256);
	assert_int_equal(config->queue_wait_ms, 30000);
	assert_int_equal(config->grace_ms, 30000);
	config_free(config);
}

/* A container runtime that runs inside the container's limits gets room of its own. */
static void test_overhead_follows_the_runtime(void **state)
{
	struct config *config = load_good();

	(void)state;
	assert_int_equal(config->overhead_bytes, 0);
	assert_int_equal(config->overhead_pids, 0);
	config_free(config);
	set_all("KILN_CONTAINER_RUNTIME=runsc-systrap");
	config = load_good();
	assert_int_equal(config->overhead_bytes, 512 * MI);
	assert_int_equal(config->overhead_pids, 8192);
	assert_int_equal(config->compiler.limits.memory_bytes, 419430400);
	assert_int_equal(config->compiler.limits.processes, 128);
	config_free(config);
	set_all("KILN_OVERHEAD_BYTES=64M KILN_OVERHEAD_PIDS=300");
	config = load_good();
	assert_int_equal(config->overhead_bytes, 64 * MI);
	assert_int_equal(config->overhead_pids, 300);
	config_free(config);
	unset_all("KILN_CONTAINER_RUNTIME KILN_OVERHEAD_BYTES KILN_OVERHEAD_PIDS");
}

static void test_workers_follow_the_cores(void **state)
{
	cpu_set_t set;
	struct config *config;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	config = load_good();
	assert_int_equal(config->workers, CPU_COUNT(&set) * 2);
	assert_int_equal(config->pool_size, config->workers);
	config_free(config);
	assert_int_equal(setenv("KILN_CPUS", "500", 1), 0);
	config = load_good();
	assert_int_equal(config->workers, CPU_COUNT(&set) <= 1000 ? 2 : 3);
	config_free(config);
	assert_int_equal(setenv("KILN_CPUS", "0.3", 1), 0);
	config = load_good();
	assert_int_equal(config->workers, (CPU_COUNT(&set) * 10 + 2) / 3);
	config_free(config);
	assert_int_equal(setenv("KILN_WORKERS", "7", 1), 0);
	config = load_good();
	assert_int_equal(config->workers, 7);
	assert_int_equal(config->pool_size, 7);
	config_free(config);
	unset_all("KILN_CPUS KILN_WORKERS");
}

/* Containers and their run directories carry it. */
static void test_engine_name_is_fit_for_a_label(void **state)
{
	struct config *config = load_good();
	const char *name = config->engine_name;

	(void)state;
	assert_in_range(strlen(name), 1, 63);
	assert_int_equal(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_.-"),
			 strlen(name));
	config_free(config);
}

static void test_environment_goes_before_dotenv(void **state)
{
	struct config *config;

	(void)state;
	write_dotenv("KILN_WORKERS=3\nKILN_PIDS=64 # fewer\nexport KILN_IMAGE=\"a/b:c\"\n"
		     "KILN_CHANNEL=attach\nOTHER=1\n");
	set_all("KILN_WORKERS=5 KILN_PIDS=");
	config = load_good();
	assert_int_equal(config->workers, 5);
	assert_int_equal(config->container_pids, 64);
	assert_string_equal(config->image, "a/b:c");
	assert_int_equal(config->channel, CHANNEL_ATTACH);
	config_free(config);
	unset_all("KILN_WORKERS KILN_PIDS");
}

static void test_limits_follow_what_they_are_bound_by(void **state)
{
	static const char settings[] =
		"KILN_MEMORY_BYTES=256M KILN_PIDS=32 KILN_WORKSPACE_BYTES=8M "
		"KILN_COMPILER_WALL_MS=5s KILN_PROBLEMS_CPU_MS=1s KILN_PROBLEMS_MEMORY_BYTES=64M";
	struct config *config;

	(void)state;
	set_all(settings);
	config = load_good();
	assert_int_equal(config->compiler.limits.cpu_ms, 5000);
	assert_int_equal(config->compiler.limits.memory_bytes, 256 * MI);
	assert_int_equal(config->compiler.limits.processes, 32);
	assert_int_equal(config->compiler.limits.file_bytes, 8 * MI);
	assert_int_equal(config->problems.limits.wall_ms, 10000);
	assert_int_equal(config->problems.limits.cpu_ms, 1000);
	assert_int_equal(config->problems.limits.memory_bytes, 64 * MI);
	config_free(config);
	unset_all(settings);
}

static void test_tls_url_means_tls(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct config *config;

		set_all(i == 0 ? "NATSURL=tls://a" : "NATSURL=nats://a,TLS://b");
		config = load_good();
		assert_true(config->nats_tls);
		config_free(config);
	}
	unset_all("NATSURL");
}

struct contradiction {
	const char *settings;
	const char *expected; /* all that is said; NULL: nothing is wrong */
};

static const struct contradiction contradictions[] = {
	{"KILN_COMPILER_MEMORY_BYTES=512M",
	 "KILN_COMPILER_MEMORY_BYTES: 512M is more than KILN_MEMORY_BYTES, which is 400M\n"},
	{"KILN_PROBLEMS_MEMORY_BYTES=419430401",
	 "KILN_PROBLEMS_MEMORY_BYTES: 419430401 is more than KILN_MEMORY_BYTES, which is 400M\n"},
	{"KILN_COMPILER_MEMORY_BYTES=400M", NULL},
	{"KILN_COMPILER_PROCESSES=129",
	 "KILN_COMPILER_PROCESSES: 129 is more than KILN_PIDS, which is 128\n"},
	{"KILN_PROBLEMS_PROCESSES=129",
	 "KILN_PROBLEMS_PROCESSES: 129 is more than KILN_PIDS, which is 128\n"},
	{"KILN_COMPILER_FILE_BYTES=65M",
	 "KILN_COMPILER_FILE_BYTES: 65M is more than KILN_WORKSPACE_BYTES, which is 64M\n"},
	{"KILN_PROBLEMS_FILE_BYTES=65M",
	 "KILN_PROBLEMS_FILE_BYTES: 65M is more than KILN_WORKSPACE_BYTES, which is 64M\n"},
	{"KILN_NATS_USER=u", "KILN_NATS_USER: is set, and needs KILN_NATS_PASSWORD\n"},
	{"KILN_NATS_PASSWORD=s3cret", "KILN_NATS_PASSWORD: is set, and needs KILN_NATS_USER\n"},
	{"KILN_NATS_USER=u KILN_NATS_PASSWORD=s3cret", NULL},
	{"KILN_NATS_NKEY=UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4",
	 "KILN_NATS_NKEY: is set, and needs KILN_NATS_NKEY_SEED\n"},
	{"KILN_NATS_NKEY_SEED=/dev/null",
	 "KILN_NATS_NKEY_SEED: is set, and needs KILN_NATS_NKEY\n"},
	{"KILN_NATS_TLS=true KILN_NATS_TLS_CERT=/dev/null",
	 "KILN_NATS_TLS_CERT: is set, and needs KILN_NATS_TLS_KEY\n"},
	{"KILN_NATS_TLS=true KILN_NATS_TLS_KEY=/dev/null",
	 "KILN_NATS_TLS_KEY: is set, and needs KILN_NATS_TLS_CERT\n"},
	{"KILN_NATS_TLS_CA=/dev/null",
	 "KILN_NATS_TLS_CA: is set, and needs KILN_NATS_TLS=true\n"},
	{"KILN_NATS_TLS_CERT=/dev/null KILN_NATS_TLS_KEY=/dev/null",
	 "KILN_NATS_TLS_CERT: is set, and needs KILN_NATS_TLS=true\n"},
	{"NATSURL=tls://a KILN_NATS_TLS_CA=/dev/null", NULL},
	{"KILN_POLICY=audit", "KILN_POLICY: is set, and needs KILN_POLICY_FILE\n"},
	{"KILN_POLICY=enforce", "KILN_POLICY: is set, and needs KILN_POLICY_FILE\n"},
	{"KILN_POLICY=enforce KILN_POLICY_FILE=/dev/null", NULL},
	{"KILN_POLICY=off KILN_POLICY_FILE=/dev/null", NULL},
	{"KILN_POLICY=off", NULL},
	{"KILN_NATS_USER=u KILN_NATS_PASSWORD=s3cret KILN_NATS_TOKEN=s3cret",
	 "KILN_NATS_TOKEN: is set, and so is KILN_NATS_USER; log in one way only\n"},
	{"KILN_NATS_TOKEN=s3cret KILN_NATS_CREDENTIALS=/dev/null",
	 "KILN_NATS_CREDENTIALS: is set, and so is KILN_NATS_TOKEN; log in one way only\n"},
	{"KILN_PROBLEMS_SUBJECT=compiler.execute.request",
	 "KILN_PROBLEMS_SUBJECT: \"compiler.execute.request\" is KILN_COMPILER_SUBJECT too; they "
	 "must differ\n"},
	{"KILN_RESULT_SUBJECT=compiler.execute.request",
	 "KILN_RESULT_SUBJECT: \"compiler.execute.request\" is KILN_COMPILER_SUBJECT too; they "
	 "must differ\n"},
	{"KILN_RESULT_SUBJECT=problems.execute.request",
	 "KILN_RESULT_SUBJECT: \"problems.execute.request\" is KILN_PROBLEMS_SUBJECT too; they "
	 "must differ\n"},
	{"KILN_RESULT_SUBJECT=kiln.results", NULL},
	{"KILN_WORKSPACE_BYTES=100M KILN_MEMORY_BYTES=300M",
	 "KILN_WORKSPACE_BYTES: three times 100M must be less than KILN_MEMORY_BYTES, which is "
	 "300M\n"},
	{"KILN_WORKSPACE_BYTES=100M KILN_MEMORY_BYTES=314572801", NULL},
	{"KILN_PROBLEMS_CODE_BYTES_MAX=6M",
	 "KILN_PROBLEMS_CODE_BYTES_MAX: 6M of code in base64 do not fit into "
	 "KILN_REQUEST_BYTES_MAX, which is 8M\n"},
	{"KILN_PROBLEMS_CODE_BYTES_MAX=5M", NULL},
	/* What one wrong value would bring about is not said besides. */
	{"KILN_MEMORY_BYTES=1 KILN_COMPILER_MEMORY_BYTES=1G",
	 "KILN_MEMORY_BYTES: \"1\" is not allowed: bytes from 16M to 1T (K, M, G, T: powers of "
	 "1024)\n"},
	{"KILN_NATS_USER=u KILN_NATS_PASSWORD=s3\ncret",
	 "KILN_NATS_PASSWORD: the value (a secret, not shown) is not allowed: printable text, at "
	 "most 1024 bytes\n"},
	/* Names. */
	{"KILN_WORKRES=1",
	 "KILN_WORKRES: is not a variable of Kiln; the nearest is KILN_WORKERS\n"},
	{"KILN_=1", "KILN_: is not a variable of Kiln; the nearest is KILN_CPUS\n"},
	{"KILN_TEST_ANYTHING=1 KILN_STATE_DIR=/x", NULL},
	{"KILN_SERVICE_HOST=10.0.0.1 KILN_SERVICE_PORT=80 KILN_SERVICE_PORT_OPS=80", NULL},
	{"KILN_PORT=tcp://10.0.0.1:80 KILN_OPS_PORT_80_TCP_ADDR=10.0.0.1", NULL},
	{"KILN_PORTS=1", "KILN_PORTS: is not a variable of Kiln; the nearest is KILN_WORKERS\n"},
};

static void test_contradictions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(contradictions) / sizeof(contradictions[0]); i++) {
		const struct contradiction *row = &contradictions[i];
		auto_free char *problems = NULL;

		set_all(row->settings);
		if (row->expected == NULL) {
			config_free(load_good());
		} else {
			problems = load_bad();
			assert_string_equal(problems, row->expected);
		}
		unset_all(row->settings);
	}
}

static void test_everything_wrong_is_said_at_once(void **state)
{
	static const char settings[] = "KILN_WORKERS=many NATSURL=nats://u:s3cret@host:x "
				       "KILN_LOG_LEVEL=loud KILN_COMPILER_PROCESSES=200";
	auto_free char *problems = NULL;

	(void)state;
	write_dotenv("KILN_QUEUE_CAPACITY=-1\nKILN_PIDZ=1\nKILN_NATS_TOKEN=\"s3cret\n");
	set_all(settings);
	problems = load_bad();
	assert_string_equal(
		problems,
		".env:3: the closing \" is missing\n"
		"KILN_WORKERS: \"many\" is not allowed: a whole number from 1 to 1024\n"
		"KILN_QUEUE_CAPACITY (.env:1): \"-1\" is not allowed: a whole number from 0 to "
		"1000000\n"
		"NATSURL: \"nats://***@host:***\" is not allowed: nats:// or "
		"tls://[user:password@]host[:port], or several with commas, at most 2048 bytes\n"
		"KILN_LOG_LEVEL: \"loud\" is not allowed: debug, info, warn, error\n"
		"KILN_COMPILER_PROCESSES: 200 is more than KILN_PIDS, which is 128\n"
		"KILN_PIDZ (.env:2): is not a variable of Kiln; the nearest is KILN_PIDS\n");
	unset_all(settings);
}

/* Whatever is wrong with a secret: its value stands in no message. */
static void test_no_secret_is_ever_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_count; i++) {
		auto_free char *problems = NULL;

		if (!option_table[i].secret)
			continue;
		assert_int_equal(setenv(option_table[i].name, "s3cret\x01", 1), 0);
		problems = load_bad();
		assert_non_null(strstr(problems, option_table[i].name));
		assert_null(strstr(problems, "s3cret"));
		assert_int_equal(unsetenv(option_table[i].name), 0);
	}
}

static void test_every_default_is_allowed(void **state)
{
	struct config *expected = load_good();
	struct config *config;

	(void)state;
	for (size_t i = 0; i < option_count; i++) {
		const struct option *option = &option_table[i];

		if (option->fallback != NULL)
			assert_int_equal(setenv(option->name, option->fallback, 1), 0);
	}
	config = load_good();
	assert_int_equal(config->compiler.limits.memory_bytes,
			 expected->compiler.limits.memory_bytes);
	config_free(config);
	config_free(expected);
	for (size_t i = 0; i < option_count; i++)
		assert_int_equal(unsetenv(option_table[i].name), 0);
}

static void test_too_many_problems_are_still_a_refusal(void **state)
{
	auto_buf struct buf problems = {.max = 10};

	(void)state;
	set_all("KILN_WORKERS=0");
	assert_null(config_load(&problems));
	assert_true(buf_failed(&problems));
	unset_all("KILN_WORKERS");
}

static void test_every_allocation_may_fail(void **state)
{
	(void)state;
	write_dotenv("KILN_IMAGE=a/b\nENVIRONMENT='test'\n");
	for (unsigned n = 1; n <= ALLOC_RUNS; n++) {
		struct buf problems = {.max = PROBLEMS_MAX};
		auto_free char *text = NULL;
		struct config *config;
		bool failed;

		alloc_fail_at(n);
		config = config_load(&problems);
		failed = alloc_failed();
		alloc_fail_at(0);
		text = buf_take_text(&problems);
		if (!failed) {
			assert_non_null(config);
			assert_true(n > 15);
			config_free(config);
			return;
		}
		assert_null(config);
		assert_string_equal(text, "out of memory\n");
	}
	fail_msg("it never ran through");
}

static void test_freeing_nothing(void **state)
{
	(void)state;
	config_free(NULL);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, make_scene, remove_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(test_default_services),
		IN_SCENE(test_default_limits),
		IN_SCENE(test_overhead_follows_the_runtime),
		IN_SCENE(test_workers_follow_the_cores),
		IN_SCENE(test_engine_name_is_fit_for_a_label),
		IN_SCENE(test_environment_goes_before_dotenv),
		IN_SCENE(test_limits_follow_what_they_are_bound_by),
		IN_SCENE(test_tls_url_means_tls),
		IN_SCENE(test_contradictions),
		IN_SCENE(test_everything_wrong_is_said_at_once),
		IN_SCENE(test_no_secret_is_ever_shown),
		IN_SCENE(test_every_default_is_allowed),
		IN_SCENE(test_too_many_problems_are_still_a_refusal),
		IN_SCENE(test_every_allocation_may_fail),
		IN_SCENE(test_freeing_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
