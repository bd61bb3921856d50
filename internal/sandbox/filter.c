/* The inner wall's system calls: what no job needs, and why it is forbidden.
 *
 * The agent loads this filter into itself at its start, since it needs none of these calls either,
 * and every child inherits it: so it costs a job nothing (loading one takes 3 microseconds an
 * instruction). It allows what it does not name; the container's profile (pool/seccomp.c) is the
 * other way round. Calls for which C libraries have a fallback fail with ENOSYS, others with EPERM.
 */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#define NAMES_MAX 24

struct forbidden_group {
	const char *why;
	int error;
	const char *names[NAMES_MAX]; /* ends with NULL */
};

static const struct forbidden_group forbidden[] = {
	{"reading or steering other processes",
	 EPERM,
	 {"ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "process_madvise",
	  "process_mrelease", "kcmp"}},
	{"other namespaces and another file system tree",
	 EPERM,
	 {"unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "fsopen", "fsconfig",
	  "fsmount", "fspick", "move_mount", "open_tree", "mount_setattr", "swapon", "swapoff",
	  "quotactl", "quotactl_fd"}},
	{"its flags lie in memory, where no filter can look; C libraries use clone instead",
	 ENOSYS,
	 {"clone3"}},
	{"large pieces of kernel code with a history, and nothing a program needs",
	 EPERM,
	 {"bpf", "perf_event_open", "userfaultfd", "fanotify_init", "lookup_dcookie", "acct",
	  "vhangup", "syslog", "nfsservctl"}},
	{"system calls through shared memory, which no filter sees; libraries fall back to epoll",
	 ENOSYS,
	 {"io_uring_setup", "io_uring_enter", "io_uring_register"}},
	{"key rings outlive a job and are not in a namespace",
	 EPERM,
	 {"add_key", "request_key", "keyctl"}},
	{"opening a file by its number goes past every folder's rights",
	 EPERM,
	 {"open_by_handle_at", "name_to_handle_at"}},
	{"the machine itself",
	 EPERM,
	 {"init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
	  "iopl", "ioperm", "modify_ldt", "sethostname", "setdomainname"}},
	{"the clocks",
	 EPERM,
	 {"settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "stime"}},
	{"moving memory between nodes slows others down",
	 EPERM,
	 {"mbind", "set_mempolicy", "set_mempolicy_home_node", "migrate_pages", "move_pages"}},
};
#define GROUPS (sizeof(forbidden) / sizeof(forbidden[0]))

/* Every flag of clone that makes a namespace. */
static const unsigned namespace_flags[] = {CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS,
					   CLONE_NEWIPC,  CLONE_NEWUSER,   CLONE_NEWPID,
					   CLONE_NEWNET};

static int forbid_group(scmp_filter_ctx filter, const struct forbidden_group *group)
{
	for (size_t i = 0; i < NAMES_MAX && group->names[i] != NULL; i++) {
		int number = seccomp_syscall_resolve_name(group->names[i]);
		int result;

		/* A call that this architecture does not have needs no rule. */
		if (number == __NR_SCMP_ERROR || number < 0)
			continue;
		result = seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned)group->error), number,
					  0);
		if (result < 0)
			return result;
	}
	return 0;
}

static int forbid_namespaces(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < sizeof(namespace_flags) / sizeof(namespace_flags[0]); i++) {
		unsigned flag = namespace_flags[i];
		int result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
					      SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));

		if (result < 0)
			return result;
	}
	return 0;
}

/* Everything below, between and above AF_UNIX (1), AF_INET (2) and AF_INET6 (10): netlink, packet,
 * vsock, alg, …: each is kernel code that a program has no use for. */
static int forbid_socket_families(scmp_filter_ctx filter)
{
	unsigned action = SCMP_ACT_ERRNO(EAFNOSUPPORT);
	int result = seccomp_rule_add(filter, action, SCMP_SYS(socket), 1,
				      SCMP_A0(SCMP_CMP_GT, AF_INET6, 0));

	for (unsigned family = AF_INET + 1; result == 0 && family < AF_INET6; family++)
		result = seccomp_rule_add(filter, action, SCMP_SYS(socket), 1,
					  SCMP_A0(SCMP_CMP_EQ, family, 0));
	return result;
}

static int build(scmp_filter_ctx filter)
{
	/* Calls through another architecture's table (int 0x80, x32) would pass unseen. */
	int result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));

	for (size_t i = 0; result == 0 && i < GROUPS; i++)
		result = forbid_group(filter, &forbidden[i]);
	if (result == 0)
		result = forbid_namespaces(filter);
	if (result == 0)
		result = forbid_socket_families(filter);
	return result;
}

int sandbox_confine(struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int result;

	if (filter == NULL)
		return err_set(err, -ENOMEM, "memory for the seccomp filter");
	/* Without it, a filter can only be loaded with CAP_SYS_ADMIN. libseccomp sets it too. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		result = -errno;
	else
		result = build(filter);
	if (result == 0)
		result = seccomp_load(filter);
	seccomp_release(filter);
	if (result < 0)
		return err_set(err, result, "seccomp filter: %s", strerror(-result));
	return 0;
}
