/* Cleaning up after a job.
 *
 * The agent is root, but without the capabilities that make root more than a user (no
 * CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_IPC_OWNER): it could not remove what a job made. So a child
 * takes the job's user id and removes what that user owns. All of the job's processes are dead by
 * then, so nothing changes under its hands; even so it works by descriptor and plain name, follows
 * no link, and never recurses: a directory that is not empty gives its children to the top, where
 * they are emptied in their turn, so that depth costs nothing. */
#include "sandbox/sandbox.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const writable_folders[] = {
	SANDBOX_WORKSPACE,
	"/tmp",
	"/dev/shm",
	"/dev/mqueue",
};
#define FOLDERS (sizeof(writable_folders) / sizeof(writable_folders[0]))

/* Nobody, and below nobody's usual number. */
#define UNUSED_UID 65533

/* What the child counts; shared with the agent. */
struct sweep {
	uint32_t files;
	uint32_t ipc;
	int64_t deadline_ns;
	uint64_t moved; /* makes names for directories that were moved to the top */
};

static bool is_dot(const char *name)
{
	return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

static bool is_late(const struct sweep *sweep)
{
	return clock_now_ns() >= sweep->deadline_ns;
}

static DIR *open_folder(int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder;

	if (fd < 0)
		return NULL;
	folder = fdopendir(fd);
	if (folder == NULL)
		(void)close(fd);
	return folder;
}

/* A directory's owner may always give the rights to himself. */
static bool take_rights(int parent, const char *name)
{
	return fchmodat(parent, name, 0700, 0) == 0;
}

/* Moves a directory to the top, under a name that nothing else has. */
static void move_to_top(int top, int parent, const char *name, struct sweep *sweep)
{
	char target[32];

	do {
		(void)snprintf(target, sizeof(target), ".kiln-%llx",
			       (unsigned long long)sweep->moved++);
	} while (faccessat(top, target, F_OK, AT_SYMLINK_NOFOLLOW) == 0 && !is_late(sweep));
	/* Moving a directory rewrites its "..", which takes the right to write to it. */
	if (take_rights(parent, name))
		(void)renameat(parent, name, top, target);
}

/* Unlinks the files of a directory at the top and moves its directories there, then removes it. */
static void flatten(int top, const char *name, struct sweep *sweep)
{
	DIR *folder = take_rights(top, name) ? open_folder(top, name) : NULL;
	struct dirent *entry;

	if (folder == NULL)
		return;
	while (!is_late(sweep) && (entry = readdir(folder)) != NULL) {
		if (is_dot(entry->d_name))
			continue;
		if (unlinkat(dirfd(folder), entry->d_name, 0) == 0)
			sweep->files++;
		else if (unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR) == 0)
			sweep->files++;
		else
			move_to_top(top, dirfd(folder), entry->d_name, sweep);
	}
	(void)closedir(folder);
	if (unlinkat(top, name, AT_REMOVEDIR) == 0)
		sweep->files++;
}

/* One pass over the top. False when there was nothing left to remove. */
static bool sweep_once(DIR *top, struct sweep *sweep)
{
	struct dirent *entry;
	bool found = false;

	rewinddir(top);
	while (!is_late(sweep) && (entry = readdir(top)) != NULL) {
		if (is_dot(entry->d_name))
			continue;
		found = true;
		if (unlinkat(dirfd(top), entry->d_name, 0) == 0)
			sweep->files++;
		else if (unlinkat(dirfd(top), entry->d_name, AT_REMOVEDIR) == 0)
			sweep->files++;
		else
			flatten(dirfd(top), entry->d_name, sweep);
	}
	return found;
}

static void sweep_folder(const char *path, struct sweep *sweep)
{
	DIR *top = open_folder(AT_FDCWD, path);

	if (top == NULL)
		return;
	while (!is_late(sweep) && sweep_once(top, sweep))
		continue;
	(void)closedir(top);
}

/* The kernel lists System V objects by index; those of other users (there are none) stay. */
static void sweep_shared_memory(struct sweep *sweep)
{
	struct shm_info info;
	int last = shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&info);

	for (int i = 0; i <= last; i++) {
		struct shmid_ds object;
		int id = shmctl(i, SHM_STAT, &object);

		if (id >= 0 && shmctl(id, IPC_RMID, NULL) == 0)
			sweep->ipc++;
	}
}

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *info;
};

static void sweep_semaphores(struct sweep *sweep)
{
	struct seminfo info;
	int last = semctl(0, 0, SEM_INFO, (union semun){.info = &info});

	for (int i = 0; i <= last; i++) {
		struct semid_ds object;
		int id = semctl(i, 0, SEM_STAT, (union semun){.buf = &object});

		if (id >= 0 && semctl(id, 0, IPC_RMID, (union semun){0}) == 0)
			sweep->ipc++;
	}
}

static void sweep_message_queues(struct sweep *sweep)
{
	struct msginfo info;
	int last = msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&info);

	for (int i = 0; i <= last; i++) {
		struct msqid_ds object;
		int id = msgctl(i, MSG_STAT, &object);

		if (id >= 0 && msgctl(id, IPC_RMID, NULL) == 0)
			sweep->ipc++;
	}
}

static bool ipc_is_empty(void)
{
	struct shm_info shm = {0};
	struct seminfo sem = {0};
	struct msginfo msg = {0};

	/* A kernel without System V IPC answers ENOSYS: nothing can be left there. */
	(void)shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&shm);
	(void)semctl(0, 0, SEM_INFO, (union semun){.info = &sem});
	(void)msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&msg);
	return shm.used_ids == 0 && sem.semusz == 0 && msg.msgpool == 0;
}

static bool folder_is_empty(const char *path)
{
	DIR *folder = open_folder(AT_FDCWD, path);
	struct dirent *entry;
	bool empty = true;

	if (folder == NULL)
		return errno == ENOENT;
	while (empty && (entry = readdir(folder)) != NULL)
		empty = is_dot(entry->d_name);
	(void)closedir(folder);
	return empty;
}

static bool folders_are_empty(void)
{
	for (size_t i = 0; i < FOLDERS; i++) {
		if (!folder_is_empty(writable_folders[i]))
			return false;
	}
	return true;
}

bool sandbox_take_user(uid_t uid)
{
	gid_t gid = (gid_t)uid;

	return setgroups(0, NULL) == 0 && setresgid(gid, gid, gid) == 0 &&
	       setresuid(uid, uid, uid) == 0;
}

/* kill(-1) ends those that the caller may end: the ids of the agent are set so that these are the
 * job's alone, and none of those that stand ready for the next. The job cannot end the agent in the
 * meantime, for that asks for its real or its saved id, which are the unused one and root. */
void sandbox_kill_user(uid_t uid)
{
	if (setresuid(UNUSED_UID, uid, 0) == 0)
		(void)kill(-1, SIGKILL);
	if (setresuid(0, 0, 0) < 0)
		abort(); /* root is still its saved id */
}

static _Noreturn void sweep_as_user(uid_t uid, struct sweep *sweep)
{
	if (!sandbox_take_user(uid))
		_exit(1);
	for (size_t i = 0; i < FOLDERS; i++)
		sweep_folder(writable_folders[i], sweep);
	if (!ipc_is_empty()) {
		sweep_shared_memory(sweep);
		sweep_semaphores(sweep);
		sweep_message_queues(sweep);
	}
	_exit(0);
}

static struct sweep *shared_sweep(void)
{
	static struct sweep *shared;

	if (shared == NULL) {
		void *page = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (page == MAP_FAILED)
			return NULL;
		shared = page;
	}
	return shared;
}

int sandbox_clean(uid_t uid, int64_t deadline_ns, struct sandbox_remains *ret_remains,
		  struct err *err)
{
	struct sweep *sweep = shared_sweep();
	pid_t child;

	if (sweep == NULL)
		return err_set(err, -ENOMEM, "memory for the clean-up");
	*sweep = (struct sweep){.deadline_ns = deadline_ns};
	child = fork();
	if (child < 0)
		return err_set(err, -errno, "fork for the clean-up: %s", strerror(errno));
	if (child == 0)
		sweep_as_user(uid, sweep);
	/* The child looks at the deadline between any two system calls. */
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
	ret_remains->files = sweep->files;
	ret_remains->ipc = sweep->ipc;
	ret_remains->files_left = !folders_are_empty();
	ret_remains->ipc_left = !ipc_is_empty();
	return 0;
}
