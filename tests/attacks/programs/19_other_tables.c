/* System calls through the tables of other architectures, which a filter of this one's numbers
 * does not see: int 0x80 (i386) and x32. Each in a child, which a filter may kill. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__
#define X32_BIT 0x40000000

static long int80(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}

static long x32(long number, long a, long b, long c)
{
	return syscall(number | X32_BIT, a, b, c);
}

static void attempt(const char *what, long (*call)(long, long, long, long), long number, long a)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(call(number, a, 0, 0) >= 0 ? 42 : 0);
	if (waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 42)
		printf("%s\n", what);
}
#endif

int main(void)
{
#ifdef __x86_64__
	attempt("int 0x80 getpid", int80, 20, 0);
	attempt("int 0x80 getuid", int80, 24, 0);
	attempt("int 0x80 unshare", int80, 310, 0x10000000);
	attempt("int 0x80 ptrace", int80, 26, 0);
	attempt("x32 getpid", x32, SYS_getpid, 0);
	attempt("x32 getuid", x32, SYS_getuid, 0);
	attempt("x32 unshare", x32, SYS_unshare, 0x10000000);
	attempt("x32 ptrace", x32, 521, 0);
#endif
	puts("tried");
	return 0;
}
