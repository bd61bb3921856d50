#include "client/box.h"

#include "base/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DOCKER_TIMEOUT_MS 60000
#define MESSAGE_BYTES 160

/* Runs "$@" for each line that it reads, and answers with its status and its microseconds. */
static const char timer_script[] = "LC_ALL=C\n"
				   "while read -r _; do\n"
				   "	start=$EPOCHREALTIME\n"
				   "	\"$@\" </dev/null >/dev/null 2>&1\n"
				   "	status=$? end=$EPOCHREALTIME\n"
				   "	echo $status $((${end/./} - ${start/./}))\n"
				   "done\n";

/* Runs docker; its last words go into err when it fails. */
static int run_docker(const char *const *argv, char *text, size_t size, struct err *err)
{
	int status = 0;
	int result = process_capture(argv, DOCKER_TIMEOUT_MS, text, size, &status);

	if (result < 0)
		return err_set(err, result, "docker: %s", strerror(-result));
	text[strcspn(text, "\n")] = '\0';
	if (status != 0)
		return err_set(err, -EIO, "%.*s", MESSAGE_BYTES, text);
	return 0;
}

static int start(struct box *box, const char *image, struct err *err)
{
	const char *argv[] = {"docker",  "-H",           box->host,      "run",   "-d",     "--rm",
			      "--pull",  "never",        "--network",    "none",  "--user", "0:0",
			      "--label", "kiln.bench=1", "--entrypoint", "sleep", image,    "3600",
			      NULL};
	char text[512];
	int result = run_docker(argv, text, sizeof(text), err);

	if (result < 0)
		return result;
	if (strspn(text, "0123456789abcdef") != sizeof(box->id) - 1)
		return err_set(err, -EPROTO, "docker run: %.*s", MESSAGE_BYTES, text);
	(void)snprintf(box->id, sizeof(box->id), "%.64s", text);
	return 0;
}

static int copy(struct box *box, const char *file, struct err *err)
{
	char target[sizeof(box->id) + sizeof(box->file)];
	const char *argv[] = {"docker", "-H", box->host, "cp", "--", file, target, NULL};
	char text[512];

	(void)snprintf(target, sizeof(target), "%s:%s", box->id, box->file);
	return run_docker(argv, text, sizeof(text), err);
}

int box_open(struct box *box, const struct config *config, const char *file,
	     const struct plain *plain, struct err *err)
{
	const char *extension = plain_extension(plain);
	int result;

	*box = (struct box){0};
	(void)snprintf(box->host, sizeof(box->host), "unix://%s", config->docker_socket);
	(void)snprintf(box->file, sizeof(box->file), "/tmp/kiln-bench.%s", extension);
	(void)snprintf(box->program, sizeof(box->program), "/tmp/kiln-bench.out");
	result = start(box, config->image, err);
	if (result == 0)
		result = copy(box, file, err);
	if (result < 0)
		box_close(box);
	return result;
}

void box_close(struct box *box)
{
	const char *argv[] = {"docker", "-H", box->host, "rm", "-f", box->id, NULL};
	int status;

	dialog_close(&box->timer);
	if (box->id[0] == '\0')
		return;
	(void)process_run(argv, DOCKER_TIMEOUT_MS, &status);
	box->id[0] = '\0';
}

/* docker exec [-i] ID [PREFIX…] COMMAND… */
static void exec_command(const struct box *box, const struct plain *plain, const char *script,
			 const char *ret_argv[BOX_ARGS_MAX])
{
	size_t count = 0;

	ret_argv[count++] = "docker";
	ret_argv[count++] = "-H";
	ret_argv[count++] = box->host;
	ret_argv[count++] = "exec";
	if (script != NULL)
		ret_argv[count++] = "-i";
	ret_argv[count++] = box->id;
	if (script != NULL) {
		ret_argv[count++] = "bash";
		ret_argv[count++] = "-c";
		ret_argv[count++] = script;
		ret_argv[count++] = "bash";
	}
	plain_command(plain, box->file, box->program, ret_argv + count);
}

int box_exec(const struct box *box, const struct plain *plain, int64_t timeout_ms, int *ret_status)
{
	const char *argv[BOX_ARGS_MAX];

	exec_command(box, plain, NULL, argv);
	return process_run(argv, timeout_ms, ret_status);
}

int box_start_timer(struct box *box, const struct plain *plain, struct err *err)
{
	const char *argv[BOX_ARGS_MAX];
	int result;

	exec_command(box, plain, timer_script, argv);
	result = dialog_open(&box->timer, argv);
	return result == 0 ? 0 : err_set(err, result, "docker exec: %s", strerror(-result));
}

int box_time(struct box *box, int64_t timeout_ms, int *ret_status, int64_t *ret_ns)
{
	char text[64];
	int64_t us;
	int status;
	int result = dialog_ask(&box->timer, timeout_ms, text, sizeof(text));

	if (result < 0)
		return result;
	if (sscanf(text, "%d %" SCNd64, &status, &us) != 2 || us < 0 || us > INT64_MAX / NS_PER_US)
		return -EPROTO;
	*ret_status = status;
	*ret_ns = us * NS_PER_US;
	return 0;
}
