/* What happens between fork and exec. Every step runs in the child, in the order of
 * sandbox_enter(), which is the order that the kernel's rules ask for:
 *
 *   the score for the out-of-memory killer is written while /proc/self still belongs to the agent;
 *   with it done, nothing but the places of a job is writable any more (landlock.c);
 *   descriptors are closed before the first line of code runs with the job's user id;
 *   files are written by the job's user, so that quotas, ownership and symbolic links are its own;
 *   limits come after the files, for they are the program's and not the agent's: lowering them
 *   needs no privilege, and the hard ones cannot be raised again. */
#include "sandbox/sandbox.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXIT_NOT_STARTED 127

/* A seventieth of the agent's weight (sched_prio_to_weight of Linux). */
#define JOB_NICE 19

/* Room for a runtime that maps files and keeps worker threads' pipes; small enough that a leak of
 * descriptors shows itself. The usual soft limit of a login shell. */
#define OPEN_FILES_MAX 1024

#define JOB_UMASK 022

/* The usual soft limit of a login shell: recursion ends where it ends on a desk. */
#define STACK_BYTES ((rlim_t)8 * 1024 * 1024)

struct sandbox_failure *sandbox_failure_new(void)
{
	void *shared = mmap(NULL, sizeof(struct sandbox_failure), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return shared == MAP_FAILED ? NULL : shared;
}

static _Noreturn void give_up(struct sandbox_failure *failure, const char *what)
{
	failure->failed = true;
	(void)err_set(&failure->err, -errno, "%s: %s", what, strerror(errno));
	_exit(EXIT_NOT_STARTED);
}

/* Away from the agent's session and terminal, into a process group of its own. */
static void enter_session(struct sandbox_failure *failure)
{
	if (setsid() < 0)
		give_up(failure, "setsid");
}

/* The agent wins the processor when a job has filled it with processes: else a limit is found to be
 * reached only when the agent's turn comes. Among themselves and between containers, whose shares
 * their cgroups set, jobs lose nothing by it. */
static void yield_to_agent(struct sandbox_failure *failure)
{
	if (setpriority(PRIO_PROCESS, 0, JOB_NICE) < 0)
		give_up(failure, "setpriority");
}

/* First in line when the container's memory runs out, so that the agent is not. */
static void volunteer_for_oom_killer(struct sandbox_failure *failure)
{
	auto_close int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "1000", 4) != 4)
		give_up(failure, "oom_score_adj");
}

/* 0 or -1 with errno. */
static int set_rlimit(pid_t pid, int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
	struct rlimit present;

	/* A container may have been started with lower ones, and those cannot be raised. */
	if (prlimit(pid, (__rlimit_resource_t)resource, NULL, &present) == 0) {
		if (limit.rlim_max > present.rlim_max)
			limit.rlim_max = present.rlim_max;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
	}
	return prlimit(pid, (__rlimit_resource_t)resource, &limit, NULL);
}

/* The same for every job. */
static void set_fixed_rlimits(struct sandbox_failure *failure)
{
	/* A core file would fill the workspace and tell nobody anything. */
	if (set_rlimit(0, RLIMIT_CORE, 0, 0) < 0 ||
	    set_rlimit(0, RLIMIT_NOFILE, OPEN_FILES_MAX, OPEN_FILES_MAX) < 0 ||
	    set_rlimit(0, RLIMIT_STACK, STACK_BYTES, STACK_BYTES) < 0 ||
	    /* Locked memory is out of reach of the kernel's reclaim. */
	    set_rlimit(0, RLIMIT_MEMLOCK, 65536, 65536) < 0)
		give_up(failure, "setrlimit");
}

/* What the job's own limits ask of a process that has used `cpu_s` seconds. 0 or -1 with errno. */
static int set_job_rlimits(pid_t pid, const struct limits *limits, uint64_t cpu_s)
{
	rlim_t seconds = (rlim_t)(cpu_s + limits->cpu_ms / 1000 + 2);

	if (set_rlimit(pid, RLIMIT_FSIZE, limits->file_bytes, limits->file_bytes) < 0 ||
	    /* Counts per user id, which no other container of this engine has. */
	    set_rlimit(pid, RLIMIT_NPROC, limits->processes, limits->processes) < 0 ||
	    /* Of one process. The agent measures all of them; this holds should it be late. */
	    set_rlimit(pid, RLIMIT_CPU, seconds, seconds + 1) < 0)
		return -1;
	return 0;
}

/* The kernel lets a process change another's limits when its real ids are the other's. */
int sandbox_limit_process(pid_t pid, uid_t uid, const struct limits *limits, uint64_t cpu_s)
{
	int result = 0;

	if (setresgid((gid_t)uid, (gid_t)-1, (gid_t)-1) < 0 ||
	    setresuid(uid, (uid_t)-1, (uid_t)-1) < 0 || set_job_rlimits(pid, limits, cpu_s) < 0)
		result = -errno;
	if (setresuid(0, (uid_t)-1, (uid_t)-1) < 0 || setresgid(0, (gid_t)-1, (gid_t)-1) < 0)
		return -EPERM;
	return result;
}

static void wire_standard_streams(const struct sandbox_stage *stage,
				  struct sandbox_failure *failure)
{
	if (dup2(stage->input_fd, STDIN_FILENO) < 0 || dup2(stage->output_fd, STDOUT_FILENO) < 0 ||
	    dup2(stage->error_fd, STDERR_FILENO) < 0)
		give_up(failure, "dup2");
}

static void close_descriptors(unsigned first, unsigned last)
{
	if (syscall(SYS_close_range, first, last, 0U) == 0)
		return;
	/* gVisor and kernels before 5.9 do not have it. The agent opens far fewer than these. */
	for (unsigned fd = first; fd <= last && fd < OPEN_FILES_MAX; fd++)
		(void)close((int)fd);
}

/* A process that is to stand ready hears of its job through the one that it keeps. */
static void close_other_descriptors(int kept_fd, struct sandbox_failure *failure)
{
	if (kept_fd >= 0 && dup2(kept_fd, SANDBOX_CONTROL_FD) < 0)
		give_up(failure, "dup2 of the control socket");
	close_descriptors(STDERR_FILENO + 1, SANDBOX_CONTROL_FD - 1);
	close_descriptors(kept_fd < 0 ? SANDBOX_CONTROL_FD : SANDBOX_CONTROL_FD + 1, ~0U);
}

static void drop_privileges(uid_t uid, struct sandbox_failure *failure)
{
	gid_t gid = (gid_t)uid;

	if (setgroups(0, NULL) < 0)
		give_up(failure, "setgroups");
	if (setresgid(gid, gid, gid) < 0)
		give_up(failure, "setresgid");
	/* From 0 to another id in all three: the kernel clears every capability set. */
	if (setresuid(uid, uid, uid) < 0)
		give_up(failure, "setresuid");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		give_up(failure, "no_new_privs");
}

/* Signals that were blocked or ignored stay so over exec. */
static void restore_signals(void)
{
	sigset_t none;

	(void)signal(SIGPIPE, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* After the score for the out-of-memory killer, before its descriptor is closed. */
static void restrict_writing(int ruleset_fd, struct sandbox_failure *failure)
{
	if (ruleset_fd >= 0 && syscall(SYS_landlock_restrict_self, ruleset_fd, 0U) < 0)
		give_up(failure, "landlock_restrict_self");
}

static void enter_folder(const char *folder, struct sandbox_failure *failure)
{
	(void)umask(JOB_UMASK);
	if (chdir(folder) < 0)
		give_up(failure, folder);
}

/* 0 or -1 with errno. */
static int make_parent_folders(int workspace, const char *name)
{
	char path[JOB_FILE_NAME_BYTES_MAX + 1];

	for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		size_t length = (size_t)(slash - name);

		memcpy(path, name, length);
		path[length] = '\0';
		if (mkdirat(workspace, path, 0755) < 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

static int write_file(int workspace, const struct sandbox_file *file)
{
	auto_close int fd = -1;
	size_t written = 0;
	mode_t mode = file->executable ? 0755 : 0644;

	if (make_parent_folders(workspace, file->name) < 0)
		return -1;
	fd = openat(workspace, file->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    mode);
	if (fd < 0)
		return -1;
	while (written < file->length) {
		ssize_t put = write(fd, file->data + written, file->length - written);

		if (put < 0 && errno != EINTR)
			return -1;
		if (put > 0)
			written += (size_t)put;
	}
	return 0;
}

int sandbox_write_files(uid_t uid, const struct sandbox_file *files, size_t count, struct err *err)
{
	auto_close int workspace = open(SANDBOX_WORKSPACE, O_PATH | O_DIRECTORY | O_CLOEXEC);
	mode_t mask = umask(JOB_UMASK);
	int result = workspace < 0 ? -errno : 0;

	(void)setfsgid((gid_t)uid);
	(void)setfsuid(uid);
	for (size_t i = 0; i < count && result == 0; i++) {
		if (write_file(workspace, &files[i]) < 0)
			result = -errno;
	}
	(void)setfsuid(0);
	(void)setfsgid(0);
	(void)umask(mask);
	return result < 0 ? err_set(err, result, "write a file of the job: %s", strerror(-result))
			  : 0;
}

static _Noreturn void exec_program(const struct sandbox_stage *stage,
				   struct sandbox_failure *failure)
{
	(void)execve(stage->argv[0], stage->argv, stage->environment);
	failure->by_exec = true;
	give_up(failure, "exec");
}

void sandbox_enter(const struct sandbox_stage *stage, struct sandbox_failure *failure)
{
	enter_session(failure);
	yield_to_agent(failure);
	volunteer_for_oom_killer(failure);
	restrict_writing(stage->ruleset_fd, failure);
	wire_standard_streams(stage, failure);
	close_other_descriptors(stage->control_fd, failure);
	drop_privileges(stage->uid, failure);
	enter_folder(stage->folder == NULL ? SANDBOX_WORKSPACE : stage->folder, failure);
	for (size_t i = 0; i < stage->files_count; i++) {
		if (write_file(AT_FDCWD, &stage->files[i]) < 0)
			give_up(failure, "write a file of the job");
	}
	set_fixed_rlimits(failure);
	if (stage->limits != NULL && set_job_rlimits(0, stage->limits, 0) < 0)
		give_up(failure, "setrlimit");
}

static _Noreturn void become_job(const struct sandbox_stage *stage,
				 struct sandbox_failure *failure)
{
	sandbox_enter(stage, failure);
	restore_signals();
	exec_program(stage, failure);
}

pid_t sandbox_spawn(const struct sandbox_stage *stage, struct sandbox_failure *failure,
		    struct err *err)
{
	pid_t pid;

	failure->failed = false;
	failure->by_exec = false;
	pid = fork();
	if (pid < 0)
		return err_set(err, -errno, "fork: %s", strerror(errno));
	if (pid == 0)
		become_job(stage, failure);
	return pid;
}
