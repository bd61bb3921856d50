/* The Engine API calls against a real daemon: KILN_TEST_DOCKER_SOCKET, KILN_TEST_BASE_IMAGE.
 * The image needs /bin/sh and /bin/cat. */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/sync.h"
#include "docker/docker.h"
#include "docker/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LABEL "kiln.test"
#define NOBODY "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define MEBIBYTE ((size_t)1024 * 1024)
#define TIMED_ROUNDS 20

static struct docker *docker;
static struct err err;
static char label_value[32]; /* of this run alone */

/* Zero, or a failure with the error's own words. */
#define assert_ok(call)                                                              \
	do {                                                                         \
		int result_ = (call);                                                \
		if (result_ < 0)                                                     \
			fail_msg("%s: %d: %s", #call, result_, err.text);            \
	} while (0)

static const char *from_environment(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? otherwise : value;
}

static const char *socket_path(void)
{
	return from_environment("KILN_TEST_DOCKER_SOCKET", "/var/run/docker.sock");
}

static const char *image(void)
{
	return from_environment("KILN_TEST_BASE_IMAGE", "debian:bookworm-slim");
}

static int set_up(void **state)
{
	(void)state;
	(void)snprintf(label_value, sizeof(label_value), "run-%d", (int)getpid());
	docker = docker_open(socket_path(), &err);
	return docker == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	char(*ids)[DOCKER_ID_BYTES];
	size_t count;

	(void)state;
	if (docker_list(docker, LABEL, label_value, &ids, &count, &err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		(void)docker_remove(docker, ids[i], NULL);
	free(ids);
	docker_close(docker);
	return count == 0 ? 0 : -1; /* a test that leaves a container is wrong */
}

/* A container of a shell command, with the walls that Kiln puts up. */
static void create(const char *script, bool attach_stdio, char id[DOCKER_ID_BYTES])
{
	const char *const command[] = {"/bin/sh", "-c", script, NULL};
	const char *const environment[] = {"KILN_TEST=set", NULL};
	const char *const capabilities[] = {"SETUID", "SETGID", "KILL", NULL};
	const char *const security[] = {"no-new-privileges", NULL};
	const struct docker_tmpfs tmpfs[] = {{"/tmp", "rw,nosuid,nodev,size=1048576,mode=1777"}};
	const struct docker_ulimit ulimits[] = {{"core", 0, 0}, {"nofile", 64, 64}};
	const struct docker_spec spec = {
		.image = image(),
		.command = command,
		.environment = environment,
		.label_name = LABEL,
		.label_value = label_value,
		.attach_stdio = attach_stdio,
		.memory_bytes = 64 * MEBIBYTE,
		.cpu_period_us = 100000,
		.cpu_quota_us = 100000,
		.pids = 32,
		.shm_bytes = MEBIBYTE,
		.oom_score_adj = 500,
		.capabilities = capabilities,
		.security_options = security,
		.tmpfs = tmpfs,
		.tmpfs_count = 1,
		.ulimits = ulimits,
		.ulimits_count = 2,
	};

	assert_ok(docker_create(docker, &spec, id, &err));
}

/* Waits until a container that ended has removed itself. */
static void assert_vanishes(const char *id)
{
	const struct timespec pause = {.tv_nsec = 10 * NS_PER_MS};
	int64_t deadline_ns = clock_after_ms(10000);
	struct docker_state seen;

	while (docker_inspect(docker, id, &seen, &err) != -ENOENT) {
		assert_true(clock_now_ns() < deadline_ns);
		(void)nanosleep(&pause, NULL);
	}
}

static void test_version_and_info(void **state)
{
	struct docker_version version;
	struct docker_info info;

	(void)state;
	assert_ok(docker_version(docker, &version, &err));
	assert_true(strncmp(version.used, "1.", 2) == 0);
	assert_true(version.engine[0] != '\0');
	assert_ok(docker_info(docker, &info, &err));
	assert_true(info.cpus > 0 && info.memory_bytes > 0);
	assert_non_null(strstr(info.runtimes, info.default_runtime));
	assert_true(strcmp(info.cgroup_version, "1") == 0 || strcmp(info.cgroup_version, "2") == 0);
}

static void test_image_id(void **state)
{
	char id[128] = "", small[8] = "same";

	(void)state;
	assert_ok(docker_image_id(docker, image(), id, sizeof(id), &err));
	assert_memory_equal(id, "sha256:", 7);
	assert_int_equal(strlen(id), 7 + 64);
	assert_ok(docker_image_id(docker, id, id, sizeof(id), &err));
	assert_int_equal(docker_image_id(docker, image(), small, sizeof(small), &err), -EPROTO);
	assert_string_equal(small, "same");
	assert_int_equal(docker_image_id(docker, "localhost:1/no/such:image", id, sizeof(id), &err),
			 -ENOENT);
	assert_non_null(strstr(err.text, "localhost:1/no/such:image"));
	assert_int_equal(docker_image_id(docker, "", id, sizeof(id), &err), -ENOENT);
}

static void test_life_of_a_container(void **state)
{
	char id[DOCKER_ID_BYTES];
	struct docker_state seen;
	int exit_code = -1;

	(void)state;
	create("exec sleep 60", false, id);
	assert_ok(docker_inspect(docker, id, &seen, &err));
	assert_true(!seen.running && seen.pid == 0);
	assert_ok(docker_start(docker, id, &err));
	assert_int_equal(docker_start(docker, id, &err), -EALREADY);
	assert_ok(docker_inspect(docker, id, &seen, &err));
	assert_true(seen.running && seen.pid > 0);
	assert_int_equal(docker_wait(docker, id, 50, &exit_code, &err), -ETIMEDOUT);
	assert_int_equal(exit_code, -1);
	assert_ok(docker_kill(docker, id, &err));
	assert_vanishes(id);
	assert_int_equal(docker_kill(docker, id, &err), -ENOENT);
}

static void *kill_later(void *arg)
{
	const struct timespec pause = {.tv_nsec = 200 * NS_PER_MS};
	struct docker *own = docker_open(socket_path(), NULL);
	int result;

	(void)nanosleep(&pause, NULL);
	result = docker_kill(own, arg, NULL);
	docker_close(own);
	return result == 0 ? arg : NULL;
}

static void test_wait_gives_the_exit_code(void **state)
{
	char id[DOCKER_ID_BYTES];
	pthread_t killer;
	void *killed;
	int exit_code = -1;

	(void)state;
	create("sleep 0.3; exit 7", false, id);
	assert_ok(docker_start(docker, id, &err));
	assert_ok(docker_wait(docker, id, 10000, &exit_code, &err));
	assert_int_equal(exit_code, 7);
	assert_vanishes(id);

	create("exec sleep 60", false, id);
	assert_ok(docker_start(docker, id, &err));
	assert_int_equal(thread_start(&killer, "killer", kill_later, id), 0);
	assert_ok(docker_wait(docker, id, 10000, &exit_code, &err));
	assert_int_equal(exit_code, 128 + 9);
	assert_int_equal(pthread_join(killer, &killed), 0);
	assert_non_null(killed);
	assert_vanishes(id);
}

static void test_remove_running_or_not(void **state)
{
	char id[DOCKER_ID_BYTES];

	(void)state;
	create("exec sleep 60", false, id);
	assert_int_equal(docker_kill(docker, id, &err), -EALREADY);
	assert_ok(docker_remove(docker, id, &err));
	assert_int_equal(docker_remove(docker, id, &err), -ENOENT);
	create("exec sleep 60", false, id);
	assert_ok(docker_start(docker, id, &err));
	assert_ok(docker_remove(docker, id, &err));
	assert_vanishes(id);
}

static void test_what_is_not_there(void **state)
{
	const struct docker_spec spec = {.image = "localhost:1/no/such:image"};
	char id[DOCKER_ID_BYTES] = "same";
	struct docker_state seen;
	int number, fd = -1;

	(void)state;
	assert_int_equal(docker_create(docker, &spec, id, &err), -ENOENT);
	assert_string_equal(id, "same");
	assert_int_equal(docker_start(docker, NOBODY, &err), -ENOENT);
	assert_int_equal(docker_kill(docker, NOBODY, &err), -ENOENT);
	assert_int_equal(docker_remove(docker, NOBODY, &err), -ENOENT);
	assert_int_equal(docker_wait(docker, NOBODY, 1000, &number, &err), -ENOENT);
	assert_int_equal(docker_inspect(docker, NOBODY, &seen, &err), -ENOENT);
	assert_int_equal(docker_attach(docker, NOBODY, &fd, &err), -ENOENT);
	assert_non_null(strstr(err.text, "attach to container ffffffffffff: "));
	assert_int_equal(fd, -1);
}

static void test_bad_requests_are_explained(void **state)
{
	const char *const command[] = {"/no/such/program", NULL};
	struct docker_spec spec = {.image = image(), .command = command, .label_name = LABEL,
				   .label_value = label_value, .runtime = "no-such-runtime"};
	char id[DOCKER_ID_BYTES];

	(void)state;
	assert_int_equal(docker_create(docker, &spec, id, &err), -EIO);
	assert_non_null(strstr(err.text, "no-such-runtime"));
	spec.runtime = NULL;
	assert_ok(docker_create(docker, &spec, id, &err));
	assert_int_equal(docker_start(docker, id, &err), -EIO);
	assert_non_null(strstr(err.text, "start container"));
	assert_vanishes(id);
}

static void test_names_and_lists(void **state)
{
	const char *const command[] = {"/bin/cat", NULL};
	const struct docker_spec spec = {.image = image(), .command = command, .label_name = LABEL,
					 .label_value = label_value, .name = label_value};
	char first[DOCKER_ID_BYTES], second[DOCKER_ID_BYTES];
	char(*ids)[DOCKER_ID_BYTES];
	size_t count;

	(void)state;
	assert_ok(docker_list(docker, LABEL, label_value, &ids, &count, &err));
	assert_int_equal(count, 0);
	free(ids);
	assert_ok(docker_create(docker, &spec, first, &err));
	assert_int_equal(docker_create(docker, &spec, second, &err), -EALREADY);
	create("exec sleep 60", false, second);
	assert_ok(docker_start(docker, second, &err));
	assert_ok(docker_list(docker, LABEL, label_value, &ids, &count, &err));
	assert_int_equal(count, 2);
	assert_true(strcmp(ids[0], first) == 0 || strcmp(ids[1], first) == 0);
	assert_true(strcmp(ids[0], second) == 0 || strcmp(ids[1], second) == 0);
	free(ids);
	assert_ok(docker_list(docker, LABEL, "another & \"value\"", &ids, &count, &err));
	assert_int_equal(count, 0);
	free(ids);
	assert_ok(docker_remove(docker, first, &err));
	assert_ok(docker_remove(docker, second, &err));
}

/* Of two that were created and one that runs, only those go that do not run and are old enough. */
static void test_prune(void **state)
{
	char old[DOCKER_ID_BYTES], running[DOCKER_ID_BYTES], young[DOCKER_ID_BYTES];
	/* The daemon counts in whole seconds: of three, it sees two at least. */
	const struct timespec wait = clock_timespec(3200 * NS_PER_MS);
	struct docker_state docker_state;
	size_t count = 7;

	(void)state;
	create("exec sleep 60", false, old);
	create("exec sleep 60", false, running);
	assert_ok(docker_start(docker, running, &err));
	assert_ok(docker_prune(docker, LABEL, 600, &count, &err));
	assert_int_equal(count, 0);
	(void)nanosleep(&wait, NULL);
	create("exec sleep 60", false, young);
	assert_ok(docker_prune(docker, "kiln.test.another", 2, &count, &err));
	assert_int_equal(count, 0);
	assert_ok(docker_prune(docker, LABEL, 2, &count, &err));
	assert_int_equal(count, 1);
	assert_int_equal(docker_inspect(docker, old, &docker_state, &err), -ENOENT);
	assert_ok(docker_inspect(docker, running, &docker_state, &err));
	assert_true(docker_state.running);
	assert_ok(docker_remove(docker, running, &err));
	assert_ok(docker_remove(docker, young, &err));
}

/* Looks at the walls from inside. */
static void test_walls(void **state)
{
	char id[DOCKER_ID_BYTES];
	int exit_code = -1;

	(void)state;
	create("sleep 0.2\n"
	       "test \"$KILN_TEST\" = set || exit 2\n"
	       "touch /x 2>/dev/null && exit 3\n"
	       "touch /tmp/x || exit 4\n"
	       "head -c 2000000 /dev/zero 2>/dev/null >/tmp/y && exit 5\n"
	       "test \"$(ls /sys/class/net)\" = lo || exit 6\n"
	       "test \"$(ulimit -n)\" = 64 || exit 7\n"
	       "grep -q 'CapEff:.00000000000000e0' /proc/self/status || exit 8\n"
	       "grep -q 'NoNewPrivs:.1' /proc/self/status || exit 9\n"
	       "test \"$(cat /proc/self/oom_score_adj)\" = 500 || exit 10\n"
	       "test -t 0 && exit 11\n"
	       "exit 0\n",
	       false, id);
	assert_ok(docker_start(docker, id, &err));
	assert_ok(docker_wait(docker, id, 10000, &exit_code, &err));
	assert_int_equal(exit_code, 0);
	assert_vanishes(id);
}

static void test_bind(void **state)
{
	const char *const command[] = {"/bin/sh", "-c",
				       "sleep 0.2; test -e /bound/file || exit 1;"
				       " touch /bound/x 2>/dev/null && exit 2; exit 0", NULL};
	char directory[] = "/tmp/kiln-test-XXXXXX", file[64], id[DOCKER_ID_BYTES];
	struct docker_bind bind = {directory, "/bound", true};
	const struct docker_spec spec = {.image = image(), .command = command, .label_name = LABEL,
					 .label_value = label_value, .binds = &bind,
					 .binds_count = 1};
	int exit_code = -1;

	(void)state;
	assert_non_null(mkdtemp(directory));
	(void)snprintf(file, sizeof(file), "%s/file", directory);
	(void)close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	assert_ok(docker_create(docker, &spec, id, &err));
	assert_ok(docker_start(docker, id, &err));
	assert_ok(docker_wait(docker, id, 10000, &exit_code, &err));
	assert_int_equal(exit_code, 0);
	assert_vanishes(id);
	(void)unlink(file);
	(void)rmdir(directory);
	assert_true(docker_create(docker, &spec, id, &err) < 0); /* the source is gone */
}

/* Reads demultiplexed bytes of stdout until `length` are there. */
static void read_exactly(int fd, struct docker_demux *demux, uint8_t *data, size_t length)
{
	while (length > 0) {
		ssize_t got = io_read(fd, data, length, clock_after_ms(10000));

		assert_true(got > 0);
		got = docker_demux_stdout(demux, data, (size_t)got);
		assert_true(got >= 0);
		data += got;
		length -= (size_t)got;
	}
}

struct writer {
	int fd;
	const uint8_t *data;
	int result;
};

static void *write_mebibyte(void *arg)
{
	struct writer *writer = arg;

	writer->result = io_write_all(writer->fd, writer->data, MEBIBYTE, clock_after_ms(10000));
	return NULL;
}

static void test_attach_echo(void **state)
{
	struct docker_demux demux = {0};
	auto_free uint8_t *sent = malloc(MEBIBYTE);
	auto_free uint8_t *seen = malloc(MEBIBYTE);
	struct writer writer = {.data = sent};
	char id[DOCKER_ID_BYTES];
	pthread_t thread;

	(void)state;
	for (size_t i = 0; i < MEBIBYTE; i++)
		sent[i] = (uint8_t)(i * 31 + i / 256);
	create("echo to stderr >&2; exec cat", true, id);
	assert_ok(docker_attach(docker, id, &writer.fd, &err));
	assert_true((fcntl(writer.fd, F_GETFL) & O_NONBLOCK) != 0);
	assert_true((fcntl(writer.fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_ok(docker_start(docker, id, &err));
	assert_int_equal(thread_start(&thread, "writer", write_mebibyte, &writer), 0);
	read_exactly(writer.fd, &demux, seen, MEBIBYTE);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(writer.result, 0);
	assert_memory_equal(sent, seen, MEBIBYTE);

	assert_ok(docker_kill(docker, id, &err));
	assert_int_equal(io_read(writer.fd, seen, 1, clock_after_ms(5000)), 0);
	(void)close(writer.fd);
	assert_vanishes(id);
}

/* A killed kilnd must leave nothing behind. */
static void test_container_ends_with_its_attached_client(void **state)
{
	char id[DOCKER_ID_BYTES];
	int fd = -1;

	(void)state;
	create("exec cat", true, id);
	assert_ok(docker_attach(docker, id, &fd, &err));
	assert_ok(docker_start(docker, id, &err));
	(void)close(fd);
	assert_vanishes(id);
}

static double median_ms(double *times, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		for (size_t j = i; j > 0 && times[j] < times[j - 1]; j--) {
			double swapped = times[j];

			times[j] = times[j - 1];
			times[j - 1] = swapped;
		}
	}
	return times[count / 2];
}

/* Says what the calls cost, and that none costs seconds. */
static void test_latency(void **state)
{
	enum { CREATE, START, INSPECT, REMOVE, CALLS };
	static const char *const names[CALLS] = {"create", "start", "inspect", "remove"};
	double times[CALLS][TIMED_ROUNDS];

	(void)state;
	for (size_t i = 0; i < TIMED_ROUNDS; i++) {
		char id[DOCKER_ID_BYTES];
		struct docker_state seen;
		int64_t marks[CALLS + 1];

		marks[0] = clock_now_ns();
		create("exec sleep 60", false, id);
		marks[1] = clock_now_ns();
		assert_ok(docker_start(docker, id, &err));
		marks[2] = clock_now_ns();
		assert_ok(docker_inspect(docker, id, &seen, &err));
		marks[3] = clock_now_ns();
		assert_ok(docker_remove(docker, id, &err));
		marks[4] = clock_now_ns();
		for (size_t j = 0; j < CALLS; j++)
			times[j][i] = clock_ms(marks[j + 1] - marks[j]);
	}
	for (size_t j = 0; j < CALLS; j++) {
		double median = median_ms(times[j], TIMED_ROUNDS);

		print_message("%-8s %8.2f ms\n", names[j], median);
		assert_true(median < 2000.0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version_and_info),
		cmocka_unit_test(test_image_id),
		cmocka_unit_test(test_life_of_a_container),
		cmocka_unit_test(test_wait_gives_the_exit_code),
		cmocka_unit_test(test_remove_running_or_not),
		cmocka_unit_test(test_what_is_not_there),
		cmocka_unit_test(test_bad_requests_are_explained),
		cmocka_unit_test(test_names_and_lists),
		cmocka_unit_test(test_prune),
		cmocka_unit_test(test_walls),
		cmocka_unit_test(test_bind),
		cmocka_unit_test(test_attach_echo),
		cmocka_unit_test(test_container_ends_with_its_attached_client),
		cmocka_unit_test(test_latency),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
