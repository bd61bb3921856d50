#include "docker/json.h"

#include "base/buf.h"

#include <errno.h>

int docker_json_parse(const char *text, size_t length, json_t **ret_value, struct err *err)
{
	json_error_t error = {0};
	json_t *value = json_loadb(text, length, 0, &error);

	if (value != NULL) {
		*ret_value = value;
		return 0;
	}
	/* The text is empty when an allocation of the parser, not of the lexer, failed. */
	if (json_error_code(&error) == json_error_out_of_memory || error.text[0] == '\0')
		return err_set(err, -ENOMEM, "out of memory for the daemon's answer");
	docker_json_clean(error.text);
	return err_set(err, -EPROTO, "the daemon's answer is not JSON: byte %d: %s", error.position,
		       error.text);
}

static int append(const char *data, size_t length, void *arg)
{
	return buf_append(arg, data, length);
}

char *docker_json_format(const json_t *value)
{
	auto_buf struct buf text = {.max = BUF_UNBOUNDED};

	/* Not json_dumps: when its buffer cannot grow, it may leave a key out and go on. */
	if (json_dump_callback(value, append, &text, JSON_COMPACT) < 0)
		return NULL;
	return buf_take_text(&text);
}

void docker_json_clean(char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = ' ';
	}
}
