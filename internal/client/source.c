#include "client/source.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define READ_BYTES 65536

static const struct {
	const char *extension;
	const char *language;
} languages[] = {
	{"py", "python"},     {"js", "javascript"},  {"mjs", "javascript"}, {"cjs", "javascript"},
	{"ts", "typescript"}, {"mts", "typescript"}, {"go", "go"},          {"c", "c"},
	{"cpp", "cpp"},       {"cc", "cpp"},         {"cxx", "cpp"},        {"c++", "cpp"},
	{"rs", "rust"},       {"java", "java"},      {"kt", "kotlin"},      {"cs", "csharp"},
	{"rb", "ruby"},       {"php", "php"},        {"pl", "perl"},        {"lua", "lua"},
	{"sh", "bash"},       {"bash", "bash"},      {"swift", "swift"},    {"hs", "haskell"},
};

#define LANGUAGES (sizeof(languages) / sizeof(languages[0]))

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

const char *source_language(const char *path)
{
	const char *name = last_component(path);
	const char *dot = strrchr(name, '.');

	if (dot == NULL || dot == name)
		return NULL;
	for (size_t i = 0; i < LANGUAGES; i++) {
		if (strcasecmp(dot + 1, languages[i].extension) == 0)
			return languages[i].language;
	}
	return NULL;
}

void source_list_extensions(char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < LANGUAGES && used < size; i++) {
		int written = snprintf(text + used, size - used, "%s.%s", i == 0 ? "" : " ",
				       languages[i].extension);

		used += written > 0 ? (size_t)written : 0;
	}
}

static int read_all(int fd, struct buf *content)
{
	for (;;) {
		int result = buf_reserve(content, READ_BYTES);
		ssize_t got;

		if (result < 0)
			return result == -ENOSPC ? -EFBIG : result;
		/* A person may be typing the program: there is no time after which to give up. */
		got = io_read(fd, content->data + content->length, READ_BYTES, CLOCK_FOREVER);
		if (got <= 0)
			return (int)got;
		content->length += (size_t)got;
	}
}

int source_read(const char *path, struct bytes *ret_bytes, struct err *err)
{
	auto_buf struct buf content;
	bool is_stdin = strcmp(path, "-") == 0;
	auto_close int fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	size_t length;
	int result;

	buf_init(&content, SOURCE_BYTES_MAX + READ_BYTES);
	if (fd < 0)
		return err_set(err, -errno, "cannot open '%s': %s", path, strerror(errno));
	result = read_all(fd, &content);
	if (result == 0 && content.length > SOURCE_BYTES_MAX)
		result = -EFBIG;
	if (result < 0)
		return err_set(err, result, "cannot read '%s': %s", path, strerror(-result));
	length = content.length;
	ret_bytes->data = (uint8_t *)buf_take_text(&content);
	if (ret_bytes->data == NULL)
		return err_set(err, -ENOMEM, "cannot read '%s': out of memory", path);
	ret_bytes->length = length;
	return 0;
}

const char *source_workspace_name(const char *path)
{
	if (job_file_name_is_safe(path))
		return path;
	path = last_component(path);
	return job_file_name_is_safe(path) ? path : NULL;
}
