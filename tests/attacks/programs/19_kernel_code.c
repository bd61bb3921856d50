/* Tells which parts of the kernel with a history it could reach. */
#define _GNU_SOURCE
#include "denied.h"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define USER_MODE_ONLY 1

static long perf(uint32_t type, uint64_t config)
{
	struct perf_event_attr attributes = {
		.type = type, .size = sizeof(attributes), .config = config,
		.exclude_kernel = 1, .exclude_hv = 1, .disabled = 1};

	return syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}

static void keys(void)
{
	/* KEYCTL_GET_KEYRING_ID, JOIN_SESSION_KEYRING, DESCRIBE, CLEAR, SEARCH, GET_PERSISTENT */
	static const int commands[] = {0, 1, 6, 7, 10, 22};

	attempt("add_key", syscall(SYS_add_key, "user", "mark", "1", 1L, -4L));
	attempt("add_key, process", syscall(SYS_add_key, "user", "mark", "1", 1L, -2L));
	attempt("request_key", syscall(SYS_request_key, "user", "mark", NULL, -4L));
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		attempt("keyctl", syscall(SYS_keyctl, commands[i], -4L, 1L, 0L, 0L));
}

int main(void)
{
	struct { uint32_t type, key, value, entries, flags; char rest[100]; } map = {2, 4, 8, 1, 0, {0}};
	struct { uint32_t bytes; int type; char handle[128]; } handle = {128, 0, {0}};
	char ring[120] = {0};
	int mount_id;

	for (long command = 0; command < 20; command++)
		attempt("bpf", syscall(SYS_bpf, command, &map, sizeof(map)));
	attempt("perf: task clock", perf(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK));
	attempt("perf: cycles", perf(PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES));
	attempt("perf: tracepoint", perf(PERF_TYPE_TRACEPOINT, 1));
	attempt("userfaultfd", syscall(SYS_userfaultfd, O_CLOEXEC));
	attempt("userfaultfd, user mode", syscall(SYS_userfaultfd, USER_MODE_ONLY));
	attempt("/dev/userfaultfd", open("/dev/userfaultfd", O_RDWR));
	attempt("io_uring_setup", syscall(425, 8, ring));
	attempt("io_uring_enter", syscall(426, 0, 0, 0, 0, NULL, 0));
	attempt("io_uring_register", syscall(427, -1, 16, NULL, 0));
	keys();
	attempt("name_to_handle_at",
		syscall(SYS_name_to_handle_at, AT_FDCWD, "/etc/passwd", &handle, &mount_id, 0));
	handle.bytes = 8;
	handle.type = 1;
	attempt("open_by_handle_at",
		syscall(SYS_open_by_handle_at, open("/", O_RDONLY), &handle, O_RDONLY));
	attempt("fanotify_init", syscall(SYS_fanotify_init, 0x200, 0));
	attempt("lookup_dcookie", syscall(SYS_lookup_dcookie, 0L, ring, 100L));
	attempt("quotactl", syscall(SYS_quotactl, 0x80000100, "/dev/vda", 0, ring));
	attempt("acct", syscall(SYS_acct, "/tmp/acct"));
	attempt("vmsplice of /proc/kcore", open("/proc/kcore", O_RDONLY));
	attempt("/dev/mem", open("/dev/mem", O_RDONLY));
	attempt("/dev/kmsg", open("/dev/kmsg", O_RDONLY));
	attempt("/dev/fuse", open("/dev/fuse", O_RDWR));
	attempt("memfd_secret", syscall(447, 0));
	return tell();
}
