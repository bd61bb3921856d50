/* The outer wall's system calls: a seccomp profile of Kiln's own, passed to the Docker daemon with
 * each container.
 *
 * An allow-list: what is not named fails with EPERM. Docker's default profile allows about 350
 * calls, so that servers and administration tools run in a container; programs that compute, read
 * and write need these. The second filter, with which the agent confines itself and every job
 * (sandbox/filter.c), names what is forbidden and why; one holds where the other has a gap. */
#include "pool/internal.h"

#include "base/buf.h"

#include <string.h>

struct allowed_group {
	const char *why;
	const char *names; /* with blanks between them */
};

static const struct allowed_group allowed[] = {
	{"read, write and seek",
	 "read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 "
	 "lseek _llseek sendfile sendfile64 splice tee vmsplice copy_file_range "
	 "readahead fadvise64 fadvise64_64"},
	{"open and close",
	 "open openat openat2 creat close close_range dup dup2 dup3 fcntl fcntl64 "
	 "ioctl"},
	{"wait on descriptors",
	 "poll ppoll select pselect6 _newselect epoll_create epoll_create1 epoll_ctl "
	 "epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait epoll_pwait2 eventfd "
	 "eventfd2 signalfd signalfd4 inotify_init inotify_init1 inotify_add_watch "
	 "inotify_rm_watch"},
	{"files and folders",
	 "access faccessat faccessat2 stat stat64 lstat lstat64 fstat fstat64 "
	 "newfstatat fstatat64 statx statfs statfs64 fstatfs fstatfs64 getdents "
	 "getdents64 getcwd chdir fchdir mkdir mkdirat rmdir rename renameat renameat2 "
	 "link linkat symlink symlinkat readlink readlinkat unlink unlinkat chmod "
	 "fchmod fchmodat chown fchown fchownat lchown umask truncate truncate64 "
	 "ftruncate ftruncate64 fallocate utime utimes utimensat futimesat flock fsync "
	 "fdatasync sync syncfs sync_file_range msync getxattr lgetxattr fgetxattr "
	 "listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr removexattr "
	 "lremovexattr fremovexattr"},
	{"FIFOs; a device needs CAP_MKNOD, which nobody here has",
	 "mknod mknodat"},
	{"memory",
	 "brk mmap mmap2 munmap mremap mprotect madvise mincore mlock mlock2 mlockall "
	 "munlock munlockall membarrier memfd_create pkey_alloc pkey_free "
	 "pkey_mprotect"},
	{"processes and threads; new namespaces are a rule of their own below",
	 "fork vfork execve execveat exit exit_group wait4 waitid waitpid kill tkill "
	 "tgkill pidfd_open pidfd_send_signal set_tid_address set_robust_list "
	 "get_robust_list futex futex_time64 futex_waitv rseq sched_yield "
	 "restart_syscall arch_prctl set_thread_area get_thread_area prctl"},
	{"scheduling; raising a priority needs CAP_SYS_NICE, which nobody here has",
	 "getpriority setpriority sched_getaffinity sched_setaffinity sched_getattr "
	 "sched_setattr sched_getparam sched_setparam sched_getscheduler "
	 "sched_setscheduler sched_get_priority_max sched_get_priority_min "
	 "sched_rr_get_interval getcpu ioprio_get ioprio_set"},
	{"signals",
	 "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend "
	 "rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo sigaltstack sigreturn "
	 "pause alarm"},
	{"time; setting a clock is not among them",
	 "time gettimeofday clock_gettime clock_gettime64 clock_getres "
	 "clock_getres_time64 clock_nanosleep clock_nanosleep_time64 nanosleep times "
	 "getitimer setitimer timer_create timer_delete timer_getoverrun timer_gettime "
	 "timer_settime timerfd_create timerfd_gettime timerfd_settime"},
	{"who am I",
	 "getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid "
	 "getgroups getpgid getpgrp getsid uname sysinfo getrusage getrlimit "
	 "ugetrlimit prlimit64 getrandom capget"},
	{"become another user: the agent does, and a job has no capability for it",
	 "setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid "
	 "setfsgid setpgid setsid setrlimit capset"},
	{"sockets; the container has no network, socket() is a rule of its own below",
	 "socketpair bind connect listen accept accept4 getsockname getpeername "
	 "getsockopt setsockopt sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg "
	 "shutdown socketcall"},
	{"pipes, and IPC in the container's own namespace, which is emptied after each job",
	 "pipe pipe2 shmget shmat shmdt shmctl semget semop semtimedop semctl msgget "
	 "msgsnd msgrcv msgctl ipc mq_open mq_unlink mq_timedsend mq_timedreceive "
	 "mq_notify mq_getsetattr"},
	{"the agent's and any program's own, narrower filter",
	 "seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self"},
};
#define GROUPS (sizeof(allowed) / sizeof(allowed[0]))

/* Rules that look at an argument. */
static const char *const conditional[] = {
	/* Threads and processes, but no new namespace: the mask is CLONE_NEWNS, NEWCGROUP, NEWUTS,
	 * NEWIPC, NEWUSER, NEWPID and NEWNET of <sched.h>. */
	"{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	"\"value\":2114060288,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}",
	/* Its flags lie in memory, where no filter can look. ENOSYS makes glibc use clone. */
	"{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}",
	/* AF_UNIX, AF_INET and AF_INET6 reach nobody outside. Not netlink, packet, vsock, alg, …:
	 * each is kernel code that a program has no use for. */
	"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	"\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]}",
	"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	"\"value\":2,\"op\":\"SCMP_CMP_EQ\"}]}",
	"{\"names\":[\"socket\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	"\"value\":10,\"op\":\"SCMP_CMP_EQ\"}]}",
	/* To ask for the personality, to have the usual one, and one without address randomization,
	 * which debuggers and sanitizers set; as in Docker's default profile. */
	"{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	"\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]}",
	"{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	"\"value\":262144,\"op\":\"SCMP_CMP_EQ\"}]}",
	"{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,"
	"\"value\":4294967295,\"op\":\"SCMP_CMP_EQ\"}]}",
};
#define CONDITIONALS (sizeof(conditional) / sizeof(conditional[0]))

static void append_names(struct buf *b, const char *names)
{
	const char *name = names;

	while (*name != '\0') {
		size_t length = strcspn(name, " ");

		if (name != names)
			(void)buf_append_text(b, ",");
		(void)buf_append_text(b, "\"");
		(void)buf_append(b, name, length);
		(void)buf_append_text(b, "\"");
		name += length;
		name += strspn(name, " ");
	}
}

char *container_seccomp_option(void)
{
	struct buf b;

	buf_init(&b, BUF_UNBOUNDED);
	/* Calls of another architecture's table (int 0x80, x32) have no rule: killed. */
	(void)buf_append_text(
		&b, "seccomp={\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":["
		    "{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[]},"
		    "{\"architecture\":\"SCMP_ARCH_AARCH64\",\"subArchitectures\":[]}],"
		    "\"syscalls\":[");
	for (size_t i = 0; i < GROUPS; i++) {
		(void)buf_append_text(&b, "{\"names\":[");
		append_names(&b, allowed[i].names);
		(void)buf_append_text(&b, "],\"action\":\"SCMP_ACT_ALLOW\"},");
	}
	for (size_t i = 0; i < CONDITIONALS; i++) {
		(void)buf_append_text(&b, i == 0 ? "" : ",");
		(void)buf_append_text(&b, conditional[i]);
	}
	(void)buf_append_text(&b, "]}");
	return buf_take_text(&b);
}
