#include "client/answer.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "client/client.h"
#include "wire/wire.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int wrong(struct err *err, const char *key)
{
	return err_set(err, -EPROTO, "the reply is not one of Kiln's: '%s' is missing or wrong",
		       key);
}

static int read_verdict(const json_t *reply, enum verdict *ret_verdict, struct err *err)
{
	const char *text = json_string_value(json_object_get(reply, "verdict"));

	for (int v = 0; text != NULL && v < VERDICT_COUNT; v++) {
		if (strcmp(verdict_text((enum verdict)v), text) == 0) {
			*ret_verdict = (enum verdict)v;
			return 0;
		}
	}
	return wrong(err, "verdict");
}

static int read_encoding(const json_t *reply, bool *ret_base64, struct err *err)
{
	const char *text = json_string_value(json_object_get(reply, "encoding"));

	if (text == NULL || (strcmp(text, "base64") != 0 && strcmp(text, "utf8") != 0))
		return wrong(err, "encoding");
	*ret_base64 = strcmp(text, "base64") == 0;
	return 0;
}

static int read_output(const json_t *object, const char *key, bool base64, struct bytes *ret_bytes,
		       struct err *err)
{
	const json_t *value = json_object_get(object, key);
	size_t length = json_string_length(value);
	size_t offset;
	int result;

	if (!json_is_string(value))
		return wrong(err, key);
	if (base64) {
		result =
			base64_decode(json_string_value(value), length, length, ret_bytes, &offset);
		return result == -EINVAL ? wrong(err, key) : result;
	}
	ret_bytes->data = malloc(length + 1);
	if (ret_bytes->data == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	memcpy(ret_bytes->data, json_string_value(value), length);
	ret_bytes->length = length;
	return 0;
}

static int read_outputs(const json_t *reply, struct answer *answer, struct err *err)
{
	const json_t *compile = json_object_get(reply, "compile");
	const json_t *truncated = json_object_get(reply, "truncated");
	bool base64 = false;
	int result = read_encoding(reply, &base64, err);

	if (result == 0)
		result = read_output(reply, "stdout", base64, &answer->out, err);
	if (result == 0)
		result = read_output(reply, "stderr", base64, &answer->err, err);
	if (result == 0 && json_is_object(compile))
		result = read_output(compile, "output", base64, &answer->compile, err);
	answer->compile_cached = json_is_true(json_object_get(compile, "cached"));
	answer->out_truncated = json_is_true(json_object_get(truncated, "stdout"));
	answer->err_truncated = json_is_true(json_object_get(truncated, "stderr"));
	return result;
}

static int signal_number(const char *name)
{
	char text[32];

	for (int number = 1; number < NSIG; number++) {
		verdict_signal_name(number, text, sizeof(text));
		if (strcmp(text, name) == 0)
			return number;
	}
	return SIGKILL;
}

static int read_end(const json_t *reply, struct answer *answer, struct err *err)
{
	const json_t *code = json_object_get(reply, "exit_code");
	const char *signal_name = json_string_value(json_object_get(reply, "signal"));
	json_int_t number = json_is_integer(code) ? json_integer_value(code) : -1;

	if (number < -1 || number > 255)
		return wrong(err, "exit_code");
	answer->exit_code = (int)number;
	answer->signal = signal_name == NULL ? 0 : signal_number(signal_name);
	return 0;
}

static int read_limit(const json_t *reply, struct answer *answer, struct err *err)
{
	const json_t *limit = json_object_get(reply, "limit");
	const char *name = json_string_value(json_object_get(limit, "name"));
	json_int_t allowed = json_integer_value(json_object_get(limit, "allowed"));
	json_int_t measured = json_integer_value(json_object_get(limit, "measured"));

	if (!json_is_object(limit))
		return 0;
	if (name == NULL || allowed < 0 || measured < 0)
		return wrong(err, "limit");
	(void)snprintf(answer->limit_name, sizeof(answer->limit_name), "%s", name);
	answer->limit_allowed = (uint64_t)allowed;
	answer->limit_measured = (uint64_t)measured;
	return 0;
}

static void read_engine(const json_t *reply, struct answer *answer)
{
	const json_t *engine = json_object_get(reply, "engine");
	const char *name = json_string_value(json_object_get(engine, "name"));
	const char *version = json_string_value(json_object_get(engine, "version"));

	(void)snprintf(answer->engine, sizeof(answer->engine), "%s", name != NULL ? name : "");
	(void)snprintf(answer->engine_version, sizeof(answer->engine_version), "%s",
		       version != NULL ? version : "");
}

static int read_reply(const json_t *reply, struct answer *answer, struct err *err)
{
	const char *error = json_string_value(json_object_get(reply, "error"));
	int result = read_verdict(reply, &answer->verdict, err);

	if (result == 0)
		result = read_end(reply, answer, err);
	if (result == 0)
		result = read_limit(reply, answer, err);
	if (result == 0)
		result = read_outputs(reply, answer, err);
	read_engine(reply, answer);
	(void)snprintf(answer->error, sizeof(answer->error), "%s", error != NULL ? error : "");
	return result;
}

int answer_parse(const char *data, size_t length, struct answer *ret_answer, struct err *err)
{
	/* Output may hold NULs, which jansson refuses unless it is told. */
	json_t *reply = json_loadb(data, length, JSON_ALLOW_NUL, NULL);
	struct answer answer = {0};
	int result;

	if (!json_is_object(reply)) {
		json_decref(reply);
		return err_set(err, -EPROTO, "the reply is not a JSON object");
	}
	result = read_reply(reply, &answer, err);
	json_decref(reply);
	if (result == 0)
		*ret_answer = answer;
	else
		answer_fini(&answer);
	return result;
}

void answer_fini(struct answer *answer)
{
	free(answer->out.data);
	free(answer->err.data);
	free(answer->compile.data);
	*answer = (struct answer){0};
}

int answer_exit_status(const struct answer *answer)
{
	switch (answer->verdict) {
	case VERDICT_OK:
		return CLIENT_OK;
	case VERDICT_RUNTIME_ERROR:
		if (answer->signal != 0)
			return CLIENT_SIGNAL + answer->signal;
		return answer->exit_code > 0 ? answer->exit_code : CLIENT_FAILED;
	case VERDICT_COMPILE_ERROR:
		return CLIENT_FAILED;
	case VERDICT_TIME_LIMIT:
		return CLIENT_TIME_LIMIT;
	case VERDICT_MEMORY_LIMIT:
		return CLIENT_MEMORY_LIMIT;
	case VERDICT_OUTPUT_LIMIT:
		return CLIENT_OUTPUT_LIMIT;
	default:
		return CLIENT_NOT_RUN;
	}
}

/* "wall_ms" -> "ms", "memory_bytes" -> "bytes", "processes" -> "". */
static const char *unit_of(const char *limit_name)
{
	const char *underscore = strrchr(limit_name, '_');

	return underscore == NULL ? "" : underscore + 1;
}

static const char *title_of(const struct answer *answer)
{
	switch (answer->verdict) {
	case VERDICT_TIME_LIMIT:
		return "time limit";
	case VERDICT_MEMORY_LIMIT:
		return "memory limit";
	case VERDICT_OUTPUT_LIMIT:
		return "output limit";
	case VERDICT_COMPILE_ERROR:
		return "compile limit";
	case VERDICT_BUSY:
		return "busy";
	default:
		return "limit";
	}
}

static void explain_limit(const struct answer *answer, char *text, size_t size)
{
	const char *unit = unit_of(answer->limit_name);
	const char *space = *unit == '\0' ? "" : " ";

	(void)snprintf(text, size, "%s: %llu%s%s of %llu%s%s allowed (%s)", title_of(answer),
		       (unsigned long long)answer->limit_measured, space, unit,
		       (unsigned long long)answer->limit_allowed, space, unit, answer->limit_name);
}

void answer_explain(const struct answer *answer, char *text, size_t size)
{
	char signal_name[32];

	text[0] = '\0';
	if (answer->limit_name[0] != '\0') {
		explain_limit(answer, text, size);
		return;
	}
	switch (answer->verdict) {
	case VERDICT_OK:
		break;
	case VERDICT_RUNTIME_ERROR:
		if (answer->signal != 0) {
			verdict_signal_name(answer->signal, signal_name, sizeof(signal_name));
			(void)snprintf(text, size, "ended by %s", signal_name);
		}
		break;
	case VERDICT_COMPILE_ERROR:
		(void)snprintf(text, size, "the compiler failed");
		break;
	default:
		(void)snprintf(text, size, "%s: %s", verdict_text(answer->verdict), answer->error);
		break;
	}
}

static int print_line(int fd, const char *text)
{
	char line[400];
	int length;

	if (text[0] == '\0')
		return 0;
	length = snprintf(line, sizeof(line), "kiln: %.380s\n", text);
	return io_write_all(fd, line, (size_t)length, CLOCK_FOREVER);
}

/* The reader of a terminal or a pipe may take its time. */
static int print_output(const struct answer *answer, int out_fd, int err_fd)
{
	int result =
		io_write_all(err_fd, answer->compile.data, answer->compile.length, CLOCK_FOREVER);

	if (result == 0)
		result = io_write_all(out_fd, answer->out.data, answer->out.length, CLOCK_FOREVER);
	if (result == 0)
		result = io_write_all(err_fd, answer->err.data, answer->err.length, CLOCK_FOREVER);
	return result;
}

int answer_print(const struct answer *answer, int out_fd, int err_fd)
{
	char text[360];
	int result = print_output(answer, out_fd, err_fd);

	if (result == 0 && answer->out_truncated)
		result = print_line(err_fd, "stdout is longer: the rest was cut off");
	if (result == 0 && answer->err_truncated)
		result = print_line(err_fd, "stderr is longer: the rest was cut off");
	answer_explain(answer, text, sizeof(text));
	if (result == 0)
		result = print_line(err_fd, text);
	return result == -EPIPE ? 0 : result;
}
