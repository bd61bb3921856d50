/* Tells each way in which it could see into the agent. */
#define _GNU_SOURCE
#include "denied.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* Some files of /proc open, and refuse to be read. */
static long read_from(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return -1;
	errno = EACCES;
	return read(fd, &byte, 1) > 0 ? 0 : -1;
}

static long list(const char *path)
{
	DIR *folder = opendir(path);

	if (folder == NULL)
		return -1;
	errno = EACCES;
	return readdir(folder) == NULL ? -1 : 0;
}

/* Whether a stream of the agent's, its way to the service, can be opened by the descriptor's name. */
static int open_stream(int fd, int flags)
{
	struct stat status;
	char path[32];
	int copy;

	snprintf(path, sizeof(path), "/proc/1/fd/%d", fd);
	copy = open(path, flags | O_NONBLOCK);
	if (copy >= 0 && fstat(copy, &status) == 0 &&
	    (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
		return 0;
	errno = EACCES; /* not a stream, or not to be opened */
	return -1;
}

int main(void)
{
	static const char *const files[] = {
		"/proc/1/mem", "/proc/1/environ", "/proc/1/auxv", "/proc/1/maps",
		"/proc/1/smaps", "/proc/1/pagemap", "/proc/1/stack", "/proc/1/syscall",
		"/proc/1/io", "/proc/1/personality", "/proc/1/numa_maps",
		"/proc/1/task/1/mem", "/proc/1/task/1/environ", "/proc/1/root/etc/passwd"};
	static const char *const links[] = {"/proc/1/root", "/proc/1/cwd", "/proc/1/exe",
					    "/proc/1/ns/pid", "/proc/1/ns/mnt", "/proc/1/fd/0",
					    "/proc/1/fd/3"};
	static const char *const folders[] = {"/proc/1/fd", "/proc/1/fdinfo", "/proc/1/map_files",
					      "/proc/1/root/", "/proc/1/cwd/",
					      "/proc/1/task/1/fd"};
	char byte;
	struct iovec here = {&byte, 1}, there = {(void *)0x400000, 1};
	int agent = (int)syscall(SYS_pidfd_open, 1, 0);

	attempt("PTRACE_ATTACH", ptrace(PTRACE_ATTACH, 1, 0, 0));
	attempt("PTRACE_SEIZE", ptrace(PTRACE_SEIZE, 1, 0, 0));
	attempt("process_vm_readv", process_vm_readv(1, &here, 1, &there, 1, 0));
	attempt("process_vm_writev", process_vm_writev(1, &here, 1, &there, 1, 0));
	for (int fd = 0; fd < 16; fd++)
		attempt("pidfd_getfd", syscall(SYS_pidfd_getfd, agent, fd, 0));
	for (int fd = 0; fd < 16; fd++) {
		attempt("a stream to write to", open_stream(fd, O_WRONLY));
		attempt("a stream to read from", open_stream(fd, O_RDONLY));
	}
	attempt("kcmp", syscall(SYS_kcmp, 1, getpid(), 0, 0, 0));
	attempt("process_madvise", syscall(SYS_process_madvise, agent, &there, 1, 4, 0));
	attempt("prlimit", syscall(SYS_prlimit64, 1, 7, &(long[2]){0, 0}, NULL));
	attempt("get_robust_list", syscall(SYS_get_robust_list, 1, &(long){0}, &(long){0}));
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		attempt(files[i], read_from(files[i]));
		attempt(files[i], open(files[i], O_WRONLY));
	}
	attempt("/proc/1/clear_refs", open("/proc/1/clear_refs", O_WRONLY));
	attempt("/proc/1/oom_score_adj", open("/proc/1/oom_score_adj", O_WRONLY));
	attempt("/proc/1/comm", open("/proc/1/comm", O_WRONLY));
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		attempt(links[i], readlink(links[i], &byte, 1));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		attempt(folders[i], list(folders[i]));
	return tell();
}
