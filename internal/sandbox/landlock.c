/* Where a job may write: its workspace, /tmp, /dev/shm, /dev/mqueue, and the devices that everybody
 * may write to. The read-only root and the rights of files say the same, but for /proc: there a
 * process may write to files of its own, among them oom_score_adj, with which it could make itself
 * a later victim of the out-of-memory killer than the agent.
 *
 * Landlock needs no privilege (Documentation/userspace-api/landlock.rst of Linux). A kernel or a
 * runtime without it has one wall less, and the agent's HELLO says so. */
#include "sandbox/sandbox.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Version 1 forbids every rename from one folder to another. */
#define ABI_WITH_REFER 2
#define ABI_WITH_TRUNCATE 3

#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

#define CHANGES_OF_FILES (LANDLOCK_ACCESS_FS_WRITE_FILE)
#define CHANGES_OF_FOLDERS                                                                     \
	(LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                      \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |                          \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |                          \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |                        \
	 LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)

/* mq_open goes to the queues' file system by itself, and not by way of /dev. */
static const char *const writable[] = {SANDBOX_WORKSPACE, "/tmp", "/dev", "/dev/mqueue"};

static int allow_below(int ruleset_fd, const char *path, uint64_t access)
{
	auto_close int fd = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = fd};

	if (fd < 0)
		return -errno;
	if (syscall(SYS_landlock_add_rule, ruleset_fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		return -errno;
	return 0;
}

int sandbox_make_ruleset(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = CHANGES_OF_FILES | CHANGES_OF_FOLDERS,
	};
	auto_close int fd = -1;

	if (abi < ABI_WITH_REFER)
		return -EOPNOTSUPP;
	if (abi >= ABI_WITH_TRUNCATE)
		attr.handled_access_fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
	fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr.handled_access_fs), 0);
	if (fd < 0)
		return -errno;
	for (size_t i = 0; i < sizeof(writable) / sizeof(writable[0]); i++) {
		int result = allow_below(fd, writable[i], attr.handled_access_fs);

		if (result < 0)
			return result;
	}
	return take_fd(&fd);
}
