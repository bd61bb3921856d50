/* The compiler ran as the job's user on the job's sources, and neither is trusted: in place of its
 * output there may be a link to somewhere, a FIFO that nobody writes to, a sparse file of a
 * terabyte, a file that has a second name. So it is opened with the rights of the job, by a plain
 * name in a folder that is the agent's, without following a link and without waiting; and the rest
 * is asked of the descriptor, not of the name. */
#include "agent/artifact.h"

#include "base/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARTIFACT_MODE 0755

/* Where a compiler may write beside the workspace. */
static const char *const other_places[] = {"/tmp", "/dev/shm"};

static bool is_dot(const char *name)
{
	return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* Whether a name at the top of the workspace is the artifact, a file of the request, or the folder
 * of one. */
static bool is_expected(const struct assignment *a, const char *name)
{
	size_t length = strlen(name);

	if (strcmp(name, a->manifest->artifact) == 0)
		return true;
	for (size_t i = 0; i < a->files_count; i++) {
		const char *file = a->files[i].name;

		if (strncmp(file, name, length) == 0 &&
		    (file[length] == '\0' || file[length] == '/'))
			return true;
	}
	return false;
}

/* `a` NULL: nothing is. */
static bool has_only_expected(const char *place, const struct assignment *a)
{
	DIR *folder = opendir(place);
	struct dirent *entry;
	bool expected = folder != NULL;

	while (expected && (entry = readdir(folder)) != NULL)
		expected = is_dot(entry->d_name) || (a != NULL && is_expected(a, entry->d_name));
	if (folder != NULL)
		(void)closedir(folder);
	return expected;
}

/* Another file that the compiler left would be missing the next time. */
static bool is_all_that_was_made(const struct assignment *a)
{
	for (size_t i = 0; i < sizeof(other_places) / sizeof(other_places[0]); i++) {
		if (!has_only_expected(other_places[i], NULL))
			return false;
	}
	return has_only_expected(SANDBOX_WORKSPACE, a);
}

static int open_as(uid_t uid, const char *name)
{
	auto_close int folder = open(SANDBOX_WORKSPACE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd;

	(void)setfsuid(uid);
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	(void)setfsuid(0);
	return fd;
}

static bool is_plain(const struct stat *file, uid_t uid)
{
	return S_ISREG(file->st_mode) && (file->st_mode & 07777) == ARTIFACT_MODE &&
	       file->st_uid == uid && file->st_nlink == 1 && file->st_size > 0 &&
	       (uint64_t)file->st_size <= ARTIFACT_BYTES_MAX;
}

/* All of it, and not a byte less. */
static bool read_whole(int fd, uint8_t *data, size_t length)
{
	size_t filled = 0;

	while (filled < length) {
		ssize_t got = read(fd, data + filled, length - filled);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		filled += (size_t)got;
	}
	return true;
}

struct artifact artifact_take(const struct assignment *a, uid_t uid)
{
	struct artifact artifact = {0}, none = {0};
	auto_close int fd = -1;
	struct stat file;
	void *copy;

	if (!a->message.wants_artifact || a->manifest->artifact == NULL || !is_all_that_was_made(a))
		return none;
	fd = open_as(uid, a->manifest->artifact);
	if (fd < 0 || fstat(fd, &file) < 0 || !is_plain(&file, uid))
		return none;
	artifact.length = (size_t)file.st_size;
	/* Pages that go back to the kernel as a whole, whatever the allocator would keep. */
	copy = mmap(NULL, artifact.length, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (copy == MAP_FAILED)
		return none;
	artifact.data = copy;
	if (!read_whole(fd, copy, artifact.length)) {
		artifact_drop(&artifact);
		return none;
	}
	artifact.checksum = artifact_checksum(artifact.data, artifact.length);
	return artifact;
}

int artifact_send(const struct artifact *artifact, struct link *link, int64_t deadline_ns)
{
	size_t sent = 0, length;
	int result = 0;

	if (artifact->data == NULL)
		return 0;
	artifact_announce(&link->out, artifact);
	for (; result == 0 && sent < artifact->length; sent += length) {
		uint8_t header[FRAME_HEADER_BYTES];

		length = artifact->length - sent;
		if (length > FRAME_FROM_AGENT_MAX)
			length = FRAME_FROM_AGENT_MAX;
		artifact_chunk_header(header, length);
		(void)buf_append(&link->out, header, sizeof(header));
		(void)buf_append(&link->out, artifact->data + sent, length);
		result = link_flush_all(link, deadline_ns);
	}
	return result;
}

void artifact_drop(struct artifact *artifact)
{
	if (artifact->data != NULL)
		(void)munmap((void *)(uintptr_t)artifact->data, artifact->length);
	*artifact = (struct artifact){0};
}
