#include "config/dotenv.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* What is left of one line. */
struct scanner {
	const char *next;
	const char *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_name_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static void skip_blanks(struct scanner *s)
{
	while (s->next < s->end && is_blank(*s->next))
		s->next++;
}

static bool at_end_or_comment(struct scanner *s)
{
	skip_blanks(s);
	return s->next == s->end || *s->next == '#';
}

static void skip_export(struct scanner *s)
{
	static const char word[] = "export";
	size_t length = sizeof(word) - 1;

	if ((size_t)(s->end - s->next) > length && memcmp(s->next, word, length) == 0 &&
	    is_blank(s->next[length])) {
		s->next += length;
		skip_blanks(s);
	}
}

/* The name and the '=' behind it; NULL on success, else what is wrong. */
static const char *scan_name(struct scanner *s, struct buf *name)
{
	const char *begin = s->next;

	while (s->next < s->end && is_name_byte(*s->next))
		s->next++;
	if (s->next == begin || (*begin >= '0' && *begin <= '9'))
		return "expected NAME=value";
	(void)buf_append(name, begin, (size_t)(s->next - begin));
	skip_blanks(s);
	if (s->next == s->end || *s->next != '=')
		return "expected '=' after the name";
	s->next++;
	skip_blanks(s);
	return NULL;
}

static bool unescape(char c, char *ret_byte)
{
	static const char escapes[] = "n\nr\rt\t\\\\\"\"$$##";

	for (size_t i = 0; escapes[i] != '\0'; i += 2) {
		if (escapes[i] == c) {
			*ret_byte = escapes[i + 1];
			return true;
		}
	}
	return false;
}

static const char *scan_double_quoted(struct scanner *s, struct buf *value)
{
	s->next++;
	while (s->next < s->end) {
		char byte = *s->next++;

		if (byte == '"')
			return NULL;
		if (byte == '\\') {
			if (s->next == s->end || !unescape(*s->next, &byte))
				return "unknown escape: allowed are \\n \\r \\t \\\\ \\\" \\$ \\#";
			s->next++;
		}
		(void)buf_append(value, &byte, 1);
	}
	return "the closing \" is missing";
}

static const char *scan_single_quoted(struct scanner *s, struct buf *value)
{
	const char *begin = s->next + 1;
	const char *quote = memchr(begin, '\'', (size_t)(s->end - begin));

	if (quote == NULL)
		return "the closing ' is missing";
	(void)buf_append(value, begin, (size_t)(quote - begin));
	s->next = quote + 1;
	return NULL;
}

static void scan_bare(struct scanner *s, struct buf *value)
{
	const char *begin = s->next;
	const char *end = begin;

	for (; s->next < s->end; s->next++) {
		if (*s->next == '#' && (s->next == begin || is_blank(s->next[-1])))
			break;
		if (!is_blank(*s->next))
			end = s->next + 1;
	}
	(void)buf_append(value, begin, (size_t)(end - begin));
}

static const char *scan_value(struct scanner *s, struct buf *value)
{
	const char *wrong;

	if (s->next == s->end || (*s->next != '"' && *s->next != '\'')) {
		scan_bare(s, value);
		return NULL;
	}
	wrong = *s->next == '"' ? scan_double_quoted(s, value) : scan_single_quoted(s, value);
	if (wrong == NULL && !at_end_or_comment(s))
		wrong = "nothing but a comment may follow the closing quote";
	return wrong;
}

static int add_entry(struct dotenv *dotenv, struct buf *name, struct buf *value, unsigned line)
{
	struct dotenv_entry *entry;

	if (dotenv->count == dotenv->capacity) {
		size_t capacity = dotenv->capacity == 0 ? 32 : 2 * dotenv->capacity;
		void *entries = realloc(dotenv->entries, capacity * sizeof(*entry));

		if (entries == NULL)
			return -ENOMEM;
		dotenv->entries = entries;
		dotenv->capacity = capacity;
	}
	entry = &dotenv->entries[dotenv->count++];
	*entry = (struct dotenv_entry){
		.name = buf_take_text(name),
		.value = buf_take_text(value),
		.line = line,
	};
	return entry->name == NULL || entry->value == NULL ? -ENOMEM : 0;
}

static int parse_line(struct dotenv *dotenv, struct scanner s, unsigned line, struct buf *problems)
{
	auto_buf struct buf name = {.max = DOTENV_BYTES_MAX};
	auto_buf struct buf value = {.max = DOTENV_BYTES_MAX};
	const char *wrong;

	if (at_end_or_comment(&s))
		return 0;
	skip_export(&s);
	if (memchr(s.next, '\0', (size_t)(s.end - s.next)) != NULL)
		wrong = "a NUL byte";
	else
		wrong = scan_name(&s, &name);
	if (wrong == NULL)
		wrong = scan_value(&s, &value);
	if (wrong == NULL)
		return add_entry(dotenv, &name, &value, line);
	return buf_append_format(problems, ".env:%u: %s\n", line, wrong) == -ENOMEM ? -ENOMEM : 0;
}

int dotenv_parse(struct dotenv *dotenv, const char *text, size_t length, struct buf *problems)
{
	const char *next = text;
	const char *end = text + length;
	size_t mark = strlen(BYTE_ORDER_MARK);

	if (length >= mark && memcmp(text, BYTE_ORDER_MARK, mark) == 0)
		next += mark;
	for (unsigned line = 1; next < end; line++) {
		const char *newline = memchr(next, '\n', (size_t)(end - next));
		struct scanner s = {.next = next, .end = newline == NULL ? end : newline};
		int result;

		next = newline == NULL ? end : newline + 1;
		if (s.end > s.next && s.end[-1] == '\r')
			s.end--;
		result = parse_line(dotenv, s, line, problems);
		if (result < 0)
			return result;
	}
	return 0;
}

/* -EFBIG when there is more than `size` holds. */
static ssize_t read_all(int fd, char *text, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t got = read(fd, text + length, size - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return (ssize_t)length;
		length += (size_t)got;
	}
	return -EFBIG;
}

/* O_NONBLOCK: a named pipe in the file's place must not hold up the start. */
static int open_regular(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	return take_fd(&fd);
}

static int complain(struct buf *problems, const char *path, int code)
{
	const char *wrong = strerror(-code);

	if (code == -EFBIG)
		wrong = "is larger than 64 KiB";
	if (code == -EINVAL)
		wrong = "is not a file";
	return buf_append_format(problems, "%s: %s\n", path, wrong) == -ENOMEM ? -ENOMEM : 0;
}

int dotenv_read(struct dotenv *dotenv, const char *path, struct buf *problems)
{
	auto_close int fd = open_regular(path);
	auto_free char *text = NULL;
	ssize_t length;

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return complain(problems, path, fd);
	text = malloc(DOTENV_BYTES_MAX + 1);
	if (text == NULL)
		return -ENOMEM;
	length = read_all(fd, text, DOTENV_BYTES_MAX + 1);
	if (length < 0)
		return complain(problems, path, (int)length);
	return dotenv_parse(dotenv, text, (size_t)length, problems);
}

const struct dotenv_entry *dotenv_find(const struct dotenv *dotenv, const char *name)
{
	for (size_t i = dotenv->count; i > 0; i--) {
		if (strcmp(dotenv->entries[i - 1].name, name) == 0)
			return &dotenv->entries[i - 1];
	}
	return NULL;
}

void dotenv_fini(struct dotenv *dotenv)
{
	for (size_t i = 0; i < dotenv->count; i++) {
		free(dotenv->entries[i].name);
		free(dotenv->entries[i].value);
	}
	free(dotenv->entries);
	*dotenv = (struct dotenv){0};
}
