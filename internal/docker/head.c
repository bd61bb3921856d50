#include "docker/head.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#define CONTENT_LENGTH_DIGITS 9

size_t docker_head_length(const char *text, size_t length)
{
	const char *end = memmem(text, length, "\r\n\r\n", 4);

	return end == NULL ? 0 : (size_t)(end - text) + 4;
}

/* "HTTP/1.1 101 UPGRADED" */
static int parse_status(const char *line, size_t length, struct docker_head *head)
{
	static const char prefix[] = "HTTP/1.";
	const char *digits = line + sizeof(prefix) + 1;

	if (length < sizeof(prefix) + 4 || memcmp(line, prefix, sizeof(prefix) - 1) != 0)
		return -EPROTO;
	if ((digits[-2] != '0' && digits[-2] != '1') || digits[-1] != ' ')
		return -EPROTO;
	for (unsigned i = 0; i < 3; i++) {
		if (!isdigit((unsigned char)digits[i]))
			return -EPROTO;
		head->status = head->status * 10 + (digits[i] - '0');
	}
	if (head->status < 100 || (length > sizeof(prefix) + 4 && digits[3] != ' '))
		return -EPROTO;
	return 0;
}

static int parse_content_length(const char *value, size_t length, struct docker_head *head)
{
	if (length == 0 || length > CONTENT_LENGTH_DIGITS)
		return -EPROTO;
	head->content_length = 0;
	for (size_t i = 0; i < length; i++) {
		if (!isdigit((unsigned char)value[i]))
			return -EPROTO;
		head->content_length = head->content_length * 10 + (size_t)(value[i] - '0');
	}
	return 0;
}

static bool is_name(const char *name, size_t length, const char *wanted)
{
	return length == strlen(wanted) && strncasecmp(name, wanted, length) == 0;
}

/* "Content-Type: application/vnd.docker.raw-stream" */
static int parse_field(const char *line, size_t length, struct docker_head *head)
{
	const char *colon = memchr(line, ':', length);
	const char *value, *end = line + length;
	size_t name_length;

	if (colon == NULL || colon == line)
		return -EPROTO;
	name_length = (size_t)(colon - line);
	for (size_t i = 0; i < name_length; i++) {
		if (!isgraph((unsigned char)line[i]))
			return -EPROTO;
	}
	value = colon + 1;
	while (value < end && (*value == ' ' || *value == '\t'))
		value++;
	while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (is_name(line, name_length, "Transfer-Encoding"))
		head->is_encoded = true;
	if (is_name(line, name_length, "Content-Length"))
		return parse_content_length(value, (size_t)(end - value), head);
	return 0;
}

static bool is_clean(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)line[i] < ' ' && line[i] != '\t')
			return false;
	}
	return true;
}

int docker_head_parse(const char *text, size_t length, struct docker_head *ret_head,
		      struct err *err)
{
	struct docker_head head = {0};
	const char *line = text;
	const char *end = text + length;
	bool is_first = true;

	while (line < end) {
		const char *stop = memmem(line, (size_t)(end - line), "\r\n", 2);
		size_t line_length = stop == NULL ? 0 : (size_t)(stop - line);
		int result = 0;

		if (stop == NULL || !is_clean(line, line_length))
			break;
		if (line_length == 0 && !is_first && stop + 2 == end) {
			*ret_head = head;
			return 0;
		}
		result = is_first ? parse_status(line, line_length, &head)
				  : parse_field(line, line_length, &head);
		if (result < 0)
			break;
		is_first = false;
		line = stop + 2;
	}
	return err_set(err, -EPROTO, "the daemon's answer is not HTTP/1");
}
