/* The zygote of Python: an interpreter that has loaded what programs import, and forks a child for
 * each job. internal/agent/zygote.h says how the agent speaks with it, standby.h with the child.
 *
 * The interpreter is initialized for `python3 main.py` and stops there. The child goes on from that
 * point with Py_RunMain(), when it has become the job's user and heard of its job: from the first
 * byte of main.py to the last of the shutdown it is CPython's own code that runs.
 *
 * What the zygote imports ahead is hidden from the program until it imports it: see stash.c. What a
 * child is about to write to is copied for it ahead: see prefault.c. The hash seed is the zygote's,
 * and so the same for its children; the agent replaces a zygote now and then. The seed of `random`
 * is drawn anew after each fork, by CPython's own hook. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "prefault.h"
#include "shutdown.h"
#include "stash.h"

#include "agent/zygote.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REHEARSAL "/opt/kiln/languages/python/rehearsal.py"

/* What the agent sends of arguments at most, with room to spare. */
#define ARGS_BYTES_MAX (64 * 1024)

struct child {
	struct zygote_order order;
	int fds[ZYGOTE_ORDER_FDS]; /* input, output, error, control */
};

/* ------------------------------------------------------------------ the interpreter */

/* The streams of the interpreter's making are pipes, as the job's are: Python looks at them when it
 * decides how to buffer. */
static void take_pipes(void)
{
	int input[2], output[2];

	if (pipe2(input, O_CLOEXEC) < 0 || pipe2(output, O_CLOEXEC | O_NONBLOCK) < 0)
		_exit(1);
	(void)dup2(input[0], STDIN_FILENO);
	(void)dup2(output[1], STDOUT_FILENO);
	(void)dup2(output[1], STDERR_FILENO);
}

static void initialize(void)
{
	static char interpreter[] = "/usr/bin/python3", program[] = "main.py";
	char *argv[] = {interpreter, program};
	PyConfig config;
	PyStatus status;

	PyConfig_InitPythonConfig(&config);
	status = PyConfig_SetBytesArgv(&config, 2, argv);
	if (!PyStatus_Exception(status))
		status = PyConfig_SetBytesString(&config, &config.program_name, interpreter);
	if (!PyStatus_Exception(status))
		status = Py_InitializeFromConfig(&config);
	if (PyStatus_Exception(status))
		Py_ExitStatusException(status);
	PyConfig_Clear(&config);
}

static int append_to(const char *list_name, const char *text)
{
	PyObject *list = PySys_GetObject(list_name);
	PyObject *item = PyUnicode_DecodeFSDefault(text);
	int result = -1;

	if (list != NULL && item != NULL && PyList_Check(list))
		result = PyList_Append(list, item);
	Py_XDECREF(item);
	return result;
}

/* Each with a NUL behind it. */
static void append_arguments(const char *args, size_t length)
{
	const char *end = args + length;

	for (; args < end; args += strlen(args) + 1) {
		if (append_to("argv", args) < 0 || append_to("orig_argv", args) < 0)
			Py_FatalError("the program's arguments cannot be stored");
	}
}

/* ------------------------------------------------------------------ the child */

static void read_all(int fd, void *data, size_t length)
{
	char *next = data;

	while (length > 0) {
		ssize_t got = read(fd, next, length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			_exit(0); /* there will be no job */
		next += got;
		length -= (size_t)got;
	}
}

static void await_job(void)
{
	static char args[ARGS_BYTES_MAX];
	uint32_t length;

	if (send(SANDBOX_CONTROL_FD, "R", 1, MSG_NOSIGNAL) != 1)
		_exit(0);
	read_all(SANDBOX_CONTROL_FD, &length, sizeof(length));
	if (length > sizeof(args))
		_exit(0);
	read_all(SANDBOX_CONTROL_FD, args, length);
	(void)close(SANDBOX_CONTROL_FD);
	append_arguments(args, length);
}

static _Noreturn void run_child(const struct child *child, int ruleset_fd)
{
	static struct sandbox_failure failure;
	const struct sandbox_stage stage = {
		.uid = child->order.uid,
		.ruleset_fd = ruleset_fd,
		.input_fd = child->fds[0],
		.output_fd = child->fds[1],
		.error_fd = child->fds[2],
		.control_fd = child->fds[3],
	};

	sandbox_enter(&stage, &failure);
	/* As after exec: its files in /proc are its own. */
	(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	PyOS_AfterFork_Child();
	stash_after_fork();
	prefault_touch();
	await_job();
	shutdown_exit(Py_RunMain());
}

/* ------------------------------------------------------------------ the zygote */

static bool receive_order(struct child *child)
{
	struct iovec part = {.iov_base = &child->order, .iov_len = sizeof(child->order)};
	union {
		char space[CMSG_SPACE(sizeof(child->fds))];
		struct cmsghdr align;
	} control;
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space),
	};
	const struct cmsghdr *header;

	if (recvmsg(ZYGOTE_CONTROL_FD, &message, MSG_CMSG_CLOEXEC) !=
	    (ssize_t)sizeof(child->order))
		return false;
	header = CMSG_FIRSTHDR(&message);
	if (header == NULL || header->cmsg_type != SCM_RIGHTS ||
	    header->cmsg_len != CMSG_LEN(sizeof(child->fds)))
		return false;
	memcpy(child->fds, CMSG_DATA(header), sizeof(child->fds));
	return true;
}

static void tell_agent(pid_t pid)
{
	int32_t number = pid;

	if (send(ZYGOTE_CONTROL_FD, &number, sizeof(number), MSG_NOSIGNAL) !=
	    (ssize_t)sizeof(number))
		_exit(0);
}

/* The child of a process that has ended is the agent's. That process shares the zygote's memory
 * (vfork), so that forking twice costs no more than once; the child has its own copy of it, and
 * returns from here on its own. */
static pid_t fork_for_agent(void)
{
	static volatile pid_t grandchild;
	pid_t between = vfork();

	if (between < 0)
		return -1;
	if (between == 0) {
		grandchild = fork();
		if (grandchild == 0)
			return 0;
		_exit(0);
	}
	while (waitpid(between, NULL, 0) < 0 && errno == EINTR)
		continue;
	return grandchild;
}

static void run_rehearsal(void)
{
	FILE *program = fopen(REHEARSAL, "re");

	PyOS_AfterFork_Child();
	if (program != NULL)
		(void)PyRun_AnyFileEx(program, "main.py", 1);
	(void)Py_FinalizeEx();
}

/* A child runs a program of ours as if it were a job. */
static void rehearse(void)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return;
	PyOS_BeforeFork();
	pid = fork();
	if (pid == 0) {
		run_rehearsal();
		prefault_report(fds[1]);
		_exit(0);
	}
	PyOS_AfterFork_Parent();
	(void)close(fds[1]);
	prefault_learn(fds[0]);
	(void)close(fds[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

int main(void)
{
	int ruleset_fd = fcntl(ZYGOTE_RULESET_FD, F_GETFD) < 0 ? -1 : ZYGOTE_RULESET_FD;
	struct child child;

	(void)fcntl(ZYGOTE_CONTROL_FD, F_SETFD, FD_CLOEXEC);
	(void)prctl(PR_SET_NAME, "python3", 0, 0, 0);
	take_pipes();
	initialize();
	if (stash_fill() < 0)
		return 1;
	rehearse();
	tell_agent(0);
	while (receive_order(&child)) {
		pid_t pid;

		PyOS_BeforeFork();
		pid = fork_for_agent();
		if (pid == 0)
			run_child(&child, ruleset_fd);
		PyOS_AfterFork_Parent();
		for (int i = 0; i < ZYGOTE_ORDER_FDS; i++)
			(void)close(child.fds[i]);
		tell_agent(pid);
	}
	return 0;
}
