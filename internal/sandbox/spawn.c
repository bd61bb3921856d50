/* What happens between fork and exec. Every step runs in the child, in the order of become_job(),
 * which is the order that the kernel's rules ask for:
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

static void set_rlimit(int resource, rlim_t soft, rlim_t hard, struct sandbox_failure *failure)
{
	struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
	struct rlimit present;

	/* A container may have been started with lower ones, and those cannot be raised. */
	if (getrlimit((__rlimit_resource_t)resource, &present) == 0) {
		if (limit.rlim_max > present.rlim_max)
			limit.rlim_max = present.rlim_max;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
	}
	if (setrlimit((__rlimit_resource_t)resource, &limit) < 0)
		give_up(failure, "setrlimit");
}

static void set_rlimits(const struct limits *limits, struct sandbox_failure *failure)
{
	rlim_t cpu_s = (rlim_t)(limits->cpu_ms / 1000 + 2);

	/* A core file would fill the workspace and tell nobody anything. */
	set_rlimit(RLIMIT_CORE, 0, 0, failure);
	set_rlimit(RLIMIT_FSIZE, limits->file_bytes, limits->file_bytes, failure);
	set_rlimit(RLIMIT_NOFILE, OPEN_FILES_MAX, OPEN_FILES_MAX, failure);
	set_rlimit(RLIMIT_STACK, STACK_BYTES, STACK_BYTES, failure);
	/* Counts per user id, which no other container of this engine has. */
	set_rlimit(RLIMIT_NPROC, limits->processes, limits->processes, failure);
	/* Of one process. The agent measures all of them; this holds should the agent be late. */
	set_rlimit(RLIMIT_CPU, cpu_s, cpu_s + 1, failure);
	/* Locked memory is out of reach of the kernel's reclaim. */
	set_rlimit(RLIMIT_MEMLOCK, 65536, 65536, failure);
}

static void wire_standard_streams(const struct sandbox_stage *stage,
				  struct sandbox_failure *failure)
{
	if (dup2(stage->input_fd, STDIN_FILENO) < 0 || dup2(stage->output_fd, STDOUT_FILENO) < 0 ||
	    dup2(stage->error_fd, STDERR_FILENO) < 0)
		give_up(failure, "dup2");
}

static void close_other_descriptors(void)
{
	if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0)
		return;
	/* gVisor and kernels before 5.9 do not have it. The agent opens far fewer than these. */
	for (int fd = 3; fd < OPEN_FILES_MAX; fd++)
		(void)close(fd);
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

static void enter_workspace(struct sandbox_failure *failure)
{
	(void)umask(022);
	if (chdir(SANDBOX_WORKSPACE) < 0)
		give_up(failure, "chdir " SANDBOX_WORKSPACE);
}

static void make_parent_folders(const char *name, struct sandbox_failure *failure)
{
	char path[JOB_FILE_NAME_BYTES_MAX + 1];

	for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		size_t length = (size_t)(slash - name);

		memcpy(path, name, length);
		path[length] = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			give_up(failure, "mkdir");
	}
}

static void write_file(const struct sandbox_file *file, struct sandbox_failure *failure)
{
	size_t written = 0;
	int fd;

	make_parent_folders(file->name, failure);
	fd = open(file->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		give_up(failure, "create a file of the job");
	while (written < file->length) {
		ssize_t put = write(fd, file->data + written, file->length - written);

		if (put < 0 && errno != EINTR)
			give_up(failure, "write a file of the job");
		if (put > 0)
			written += (size_t)put;
	}
	(void)close(fd);
}

static _Noreturn void exec_program(const struct sandbox_stage *stage,
				   struct sandbox_failure *failure)
{
	(void)execve(stage->argv[0], stage->argv, stage->environment);
	failure->by_exec = true;
	give_up(failure, "exec");
}

static _Noreturn void become_job(const struct sandbox_stage *stage,
				 struct sandbox_failure *failure)
{
	enter_session(failure);
	yield_to_agent(failure);
	volunteer_for_oom_killer(failure);
	restrict_writing(stage->ruleset_fd, failure);
	wire_standard_streams(stage, failure);
	close_other_descriptors();
	drop_privileges(stage->uid, failure);
	enter_workspace(failure);
	for (size_t i = 0; i < stage->files_count; i++)
		write_file(&stage->files[i], failure);
	set_rlimits(stage->limits, failure);
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
