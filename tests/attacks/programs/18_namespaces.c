/* Tells each way that it found to another tree or namespace. */
#define _GNU_SOURCE
#include "denied.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const unsigned long namespaces[] = {
	0x00020000, /* mount */ 0x02000000, /* cgroup */ 0x04000000, /* uts */
	0x08000000, /* ipc */   0x10000000, /* user */   0x20000000, /* pid */
	0x40000000, /* net */   0x10020000, /* user and mount */
	0x10000000 | 0x20000000 | 0x40000000};
#define NAMESPACES (sizeof(namespaces) / sizeof(namespaces[0]))

struct clone_args_v0 {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static long cloned(long pid)
{
	if (pid == 0)
		_exit(0);
	return pid;
}

static void change_tree(void)
{
	attempt("mount tmpfs", mount("none", "/tmp", "tmpfs", 0, ""));
	attempt("mount proc", mount("none", "/tmp", "proc", 0, ""));
	attempt("bind", mount("/", "/tmp", NULL, MS_BIND | MS_REC, NULL));
	attempt("remount", mount(NULL, "/", NULL, MS_REMOUNT, NULL));
	attempt("propagate", mount(NULL, "/", NULL, MS_SHARED | MS_REC, NULL));
	attempt("umount", umount2("/proc", MNT_DETACH));
	attempt("umount /workspace", umount2("/workspace", MNT_DETACH));
	attempt("chroot", chroot("/tmp"));
	attempt("pivot_root", syscall(SYS_pivot_root, "/tmp", "/tmp"));
	attempt("fsopen", syscall(430, "tmpfs", 0));
	attempt("open_tree", syscall(428, AT_FDCWD, "/", 1));
	attempt("open_tree, no clone", syscall(428, AT_FDCWD, "/", 0));
	attempt("move_mount", syscall(429, AT_FDCWD, "/tmp", AT_FDCWD, "/mnt", 0));
	attempt("fspick", syscall(433, AT_FDCWD, "/", 0));
	attempt("mount_setattr", syscall(442, AT_FDCWD, "/", 0, &(uint64_t[4]){1, 0, 0, 0}, 32));
	attempt("swapon", syscall(SYS_swapon, "/tmp/swap", 0));
}

int main(void)
{
	static const char *const own[] = {"/proc/self/ns/mnt", "/proc/self/ns/pid",
					  "/proc/self/ns/user", "/proc/self/ns/net",
					  "/proc/self/ns/ipc"};

	change_tree();
	for (size_t i = 0; i < NAMESPACES; i++) {
		struct clone_args_v0 args = {.flags = namespaces[i], .exit_signal = SIGCHLD};

		attempt("unshare", unshare((int)namespaces[i]));
		attempt("clone", cloned(syscall(SYS_clone, namespaces[i] | SIGCHLD, 0, 0, 0, 0)));
		attempt("clone3", cloned(syscall(435, &args, sizeof(args))));
	}
	/* High bits of the flags that the kernel ignores and a careless filter compares. */
	attempt("clone", cloned(syscall(SYS_clone, 0x10000000 | (1UL << 40) | SIGCHLD, 0, 0, 0, 0)));
	attempt("unshare", syscall(SYS_unshare, 0x10000000));
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		attempt("setns", setns(open(own[i], O_RDONLY), 0));
	attempt("setns of a pidfd", setns((int)syscall(SYS_pidfd_open, getpid(), 0), 0x20000));
	while (wait(NULL) > 0)
		continue;
	return tell();
}
