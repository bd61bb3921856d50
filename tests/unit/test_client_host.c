#include "client/host.h"
#include "client/probe.h"
#include "client/process.h"
#include "client/session.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
/* cmocka needs those above it. */
#include <cmocka.h>

static void test_controllers(void **state)
{
	static const char v1[] = "#subsys_name\thierarchy\tnum_cgroups\tenabled\n"
				 "cpuset\t3\t2\t1\ncpu\t1\t2\t1\nmemory\t0\t1\t0\npids\t8\t2\t1\n";
	struct host_controllers found = host_parse_controllers_v1(v1);

	(void)state;
	assert_true(found.cpu && found.pids);
	assert_false(found.memory); /* there, but switched off */
	found = host_parse_controllers_v2("cpuset cpu io memory hugetlb pids rdma misc\n");
	assert_true(found.cpu && found.pids && found.memory);
	found = host_parse_controllers_v2("cpuset io\n");
	assert_false(found.cpu || found.pids || found.memory);
	found = host_parse_controllers_v1("");
	assert_false(found.cpu || found.pids || found.memory);
}

static void test_cgroup_versions(void **state)
{
	(void)state;
	assert_int_equal(host_parse_cgroup_version("0::/user.slice/session-1.scope\n"), 2);
	assert_int_equal(host_parse_cgroup_version("0::/"), 2);
	assert_int_equal(host_parse_cgroup_version("4:memory:/x\n1:cpu:/\n0::/\n"), 1);
	assert_int_equal(host_parse_cgroup_version("1:name=systemd:/\n"), 1);
	assert_int_equal(host_parse_cgroup_version(""), 0);
}

static void test_words(void **state)
{
	(void)state;
	assert_true(host_has_word("runc io.containerd.runc.v2", "runc"));
	assert_true(host_has_word("io.containerd.runc.v2 runc", "runc"));
	assert_true(host_has_word("a errno b\n", "b"));
	assert_false(host_has_word("io.containerd.runc.v2 runcx", "runc"));
	assert_false(host_has_word("", "runc"));
}

static void test_releases_and_memory(void **state)
{
	static const char meminfo[] = "MemTotal:  100 kB\nMemFree: 5 kB\nMemAvailable:   2048 kB\n";
	unsigned major = 0, minor = 0;

	(void)state;
	assert_int_equal(host_parse_release("6.1.0-18-amd64", &major, &minor), 0);
	assert_int_equal(major, 6);
	assert_int_equal(minor, 1);
	assert_int_equal(host_parse_release("plan9", &major, &minor), -EINVAL);
	assert_int_equal(host_parse_meminfo(meminfo, "MemAvailable"), 2048 * 1024);
	assert_int_equal(host_parse_meminfo(meminfo, "MemTotal"), 100 * 1024);
	assert_int_equal(host_parse_meminfo(meminfo, "Mem"), 0);
	assert_true(host_memory_available() > 0);
}

static const struct {
	const char *url;
	const char *masked;
	const char *host; /* NULL: it names none */
	const char *port;
} urls[] = {
	{"nats://localhost:4222", "nats://localhost:4222", "localhost", "4222"},
	{"localhost", "localhost", "localhost", "4222"},
	{"nats://u:secret@h:1", "nats://***@h:1", "h", "1"},
	{"u:secret@h", "***@h", "h", "4222"},
	{"nats://secret@h:1/x", "nats://***@h:1/x", "h", "1"},
	{"tls://u:secret@h:1,nats://v:secret@i:2", "tls://***@h:1,nats://***@i:2", "h", "1"},
	{"nats://h:1,nats://v:secret@i:2", "nats://h:1,nats://***@i:2", "h", "1"},
	{"nats://u:se/c,ret@secret@h:1", "nats://***@h:1", NULL, NULL},
	{"nats://[::1]:5", "nats://[::1]:5", "::1", "5"},
	{"nats://u:secret@[::1]", "nats://***@[::1]", "::1", "4222"},
	{"nats://", "nats://", NULL, NULL},
	{"nats://[::1", "nats://[::1", NULL, NULL},
	{"nats://h:", "nats://h:", NULL, NULL},
	{"nats://h:123456789", "nats://h:123456789", NULL, NULL},
};

static void test_urls(void **state)
{
	char text[100], host[64], port[8];

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		session_mask_url(urls[i].url, text, sizeof(text));
		assert_string_equal(text, urls[i].masked);
		/* What does not fit is cut, and what is cut shows no more. */
		session_mask_url(urls[i].url, text, 10);
		assert_int_equal(strncmp(text, urls[i].masked, strlen(text)), 0);
		assert_true(strlen(text) < 10);
		if (strchr(urls[i].url, '/') != NULL && strstr(urls[i].url, "se/c") != NULL)
			continue;
		if (urls[i].host == NULL) {
			assert_int_equal(probe_parse_url(urls[i].url, host, sizeof(host), port,
							 sizeof(port)),
					 -EINVAL);
			continue;
		}
		assert_int_equal(
			probe_parse_url(urls[i].url, host, sizeof(host), port, sizeof(port)), 0);
		assert_string_equal(host, urls[i].host);
		assert_string_equal(port, urls[i].port);
	}
}

/* A socket that listens, or a port on which nobody does. */
static int bind_port(bool listens, char *url, size_t size)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (listens)
		assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	(void)snprintf(url, size, "nats://u:secret@127.0.0.1:%d", ntohs(address.sin_port));
	return fd;
}

static void test_why_a_server_is_not_there(void **state)
{
	char url[64], reason[80];
	int fd = bind_port(false, url, sizeof(url));

	(void)state;
	probe_server(url, reason, sizeof(reason));
	assert_string_equal(reason, "connection refused");
	(void)close(fd);
	fd = bind_port(true, url, sizeof(url));
	probe_server(url, reason, sizeof(reason));
	assert_string_equal(reason, "what listens there does not answer as NATS does");
	(void)close(fd);
	probe_server("nats://", reason, sizeof(reason));
	assert_string_equal(reason, "the URL names no host");
}

static void test_processes(void **state)
{
	static const char *const fine[] = {"sh", "-c", "exit 7", NULL};
	static const char *const killed[] = {"sh", "-c", "kill -SEGV $$", NULL};
	static const char *const slow[] = {"sleep", "60", NULL};
	static const char *const missing[] = {"kiln-no-such-program", NULL};
	static const char *const talks[] = {"sh", "-c", "echo out; echo err >&2; read x; exit 3",
					    NULL};
	int64_t start = clock_now_ns();
	char text[64], brief[4];
	int status = -1;

	(void)state;
	assert_int_equal(process_run(fine, 10000, &status), 0);
	assert_int_equal(status, 7);
	assert_int_equal(process_run(killed, 10000, &status), 0);
	assert_int_equal(status, 139);
	assert_int_equal(process_run(slow, 50, &status), -ETIMEDOUT);
	assert_true(clock_now_ns() - start < 10 * NS_PER_S);
	assert_int_equal(process_run(missing, 1000, &status), -ENOENT);
	assert_int_equal(process_capture(talks, 10000, text, sizeof(text), &status), 0);
	assert_string_equal(text, "out\nerr\n");
	assert_int_equal(status, 3);
	assert_int_equal(process_capture(talks, 10000, brief, sizeof(brief), &status), 0);
	assert_string_equal(brief, "out");
	assert_int_equal(process_capture(slow, 50, text, sizeof(text), &status), -ETIMEDOUT);
	assert_int_equal(process_find("sh", text, sizeof(text)), 0);
	assert_int_equal(process_find("kiln-no-such-program", text, sizeof(text)), -ENOENT);
}

static void test_a_dialog(void **state)
{
	static const char *const counts[] = {
		"sh", "-c",
		"n=0; while read -r said; do n=$((n + 1)); echo \"line $n: $said\"; "
		"[ $n = 2 ] && exit; done",
		NULL};
	static const char *const silent[] = {"sleep", "60", NULL};
	struct dialog dialog = {0};
	char text[16];

	(void)state;
	dialog_close(&dialog);
	/* As nats.c has it in the program: an end is an error, not a signal. */
	(void)signal(SIGPIPE, SIG_IGN);
	assert_int_equal(dialog_open(&dialog, counts), 0);
	assert_int_equal(dialog_ask(&dialog, "one", 10000, text, sizeof(text)), 0);
	assert_string_equal(text, "line 1: one");
	assert_int_equal(dialog_ask(&dialog, "", 10000, text, sizeof(text)), 0);
	assert_string_equal(text, "line 2: ");
	assert_int_equal(dialog_ask(&dialog, "", 10000, text, sizeof(text)), -EPIPE);
	dialog_close(&dialog);
	assert_int_equal(dialog_open(&dialog, silent), 0);
	assert_int_equal(dialog_ask(&dialog, "", 50, text, sizeof(text)), -ETIMEDOUT);
	dialog_close(&dialog);
	assert_int_equal(dialog.pid, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_controllers),
		cmocka_unit_test(test_cgroup_versions),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_releases_and_memory),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_why_a_server_is_not_there),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_a_dialog),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
