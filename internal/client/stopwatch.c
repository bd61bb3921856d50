#include "client/stopwatch.h"

#include "base/cleanup.h"
#include "wire/wire.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WRITE_TIMEOUT_MS 10000
/* A byte of output becomes at most the six of "\u0000". */
#define ANSWER_BYTES (6 * STOPWATCH_OUTPUT_BYTES + 128)

/* A question is {"run": [argument, …]} or {"write": path, "base64": content}. */
static const char program[] =
	"import base64, json, os, sys, time\n"
	"SHOWN = 255\n"
	"null = os.open('/dev/null', os.O_RDONLY)\n"
	"def write(path, content):\n"
	"    with open(path, 'wb') as file:\n"
	"        file.write(base64.b64decode(content))\n"
	"    return {}\n"
	"def run(argv):\n"
	"    out = os.open('.output', os.O_RDWR | os.O_CREAT | os.O_TRUNC)\n"
	"    wiring = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, out, 1),\n"
	"              (os.POSIX_SPAWN_DUP2, out, 2)]\n"
	"    start = time.perf_counter_ns()\n"
	"    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=wiring)\n"
	"    _, status = os.waitpid(pid, 0)\n"
	"    ns = time.perf_counter_ns() - start\n"
	"    shown, size = os.pread(out, SHOWN, 0), os.fstat(out).st_size\n"
	"    os.close(out)\n"
	"    code = os.waitstatus_to_exitcode(status)\n"
	"    return {'status': code if code >= 0 else 128 - code, 'ns': ns, 'bytes': size,\n"
	"            'output': shown.decode('utf-8', 'replace')}\n"
	"for line in sys.stdin:\n"
	"    asked = json.loads(line)\n"
	"    try:\n"
	"        answer = run(asked['run']) if 'run' in asked else write(asked['write'],\n"
	"                                                                asked['base64'])\n"
	"    except OSError as error:\n"
	"        answer = {'error': str(error)}\n"
	"    print(json.dumps(answer), flush=True)\n";

int stopwatch_open(struct stopwatch *stopwatch, const struct box *box, struct err *err)
{
	const char *const command[] = {"python3", "-c", program, NULL};
	int result = box_converse(box, command, &stopwatch->dialog);

	return result == 0 ? 0 : err_set(err, result, "docker exec: %s", strerror(-result));
}

void stopwatch_close(struct stopwatch *stopwatch)
{
	dialog_close(&stopwatch->dialog);
}

/* Takes the question. The answer is to be dropped with json_decref(). */
static json_t *ask(struct stopwatch *stopwatch, json_t *question, int64_t timeout_ms,
		   struct err *err)
{
	auto_free char *line = question == NULL ? NULL : json_dumps(question, JSON_COMPACT);
	char text[ANSWER_BYTES];
	json_t *answer = NULL;
	const char *error;
	int result = line == NULL ? -ENOMEM : -EPIPE;

	json_decref(question);
	if (line != NULL && stopwatch->dialog.pid != 0)
		result = dialog_ask(&stopwatch->dialog, line, timeout_ms, text, sizeof(text));
	if (result < 0) {
		/* A late answer would be taken for that to the next question. */
		dialog_close(&stopwatch->dialog);
		(void)err_set(err, result, "the stopwatch in the container: %s", strerror(-result));
		return NULL;
	}
	answer = json_loads(text, 0, NULL);
	error = json_string_value(json_object_get(answer, "error"));
	if (json_is_object(answer) && error == NULL)
		return answer;
	(void)err_set(err, -EPROTO, "the stopwatch in the container: %.120s",
		      error != NULL ? error : text);
	json_decref(answer);
	return NULL;
}

int stopwatch_write(struct stopwatch *stopwatch, const char *path, const void *data, size_t length,
		    struct err *err)
{
	auto_free char *content = base64_encode(data, length);
	json_t *answer;

	if (content == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	answer = ask(stopwatch, json_pack("{s:s, s:s}", "write", path, "base64", content),
		     WRITE_TIMEOUT_MS, err);
	if (answer == NULL)
		return err->code;
	json_decref(answer);
	return 0;
}

static int read_lap(const json_t *answer, struct lap *ret_lap)
{
	json_int_t status = json_integer_value(json_object_get(answer, "status"));
	json_int_t ns = json_integer_value(json_object_get(answer, "ns"));
	json_int_t bytes = json_integer_value(json_object_get(answer, "bytes"));
	const char *output = json_string_value(json_object_get(answer, "output"));

	if (output == NULL || status < 0 || status > 255 || ns <= 0 || bytes < 0)
		return -EPROTO;
	*ret_lap = (struct lap){.status = (int)status, .ns = ns, .output_bytes = (size_t)bytes};
	(void)snprintf(ret_lap->output, sizeof(ret_lap->output), "%s", output);
	return 0;
}

int stopwatch_run(struct stopwatch *stopwatch, const char *const *argv, int64_t timeout_ms,
		  struct lap *ret_lap, struct err *err)
{
	json_t *list = json_array();
	json_t *answer;
	int result;

	for (; *argv != NULL; argv++)
		(void)json_array_append_new(list, json_string(*argv));
	answer = ask(stopwatch, json_pack("{s:o}", "run", list), timeout_ms, err);
	if (answer == NULL)
		return err->code;
	result = read_lap(answer, ret_lap);
	json_decref(answer);
	return result == 0 ? 0 : err_set(err, result, "the stopwatch answers something else");
}
