#include "client/box.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DOCKER_TIMEOUT_MS 60000
#define MESSAGE_BYTES 160
#define EXEC_ARGS_MAX 24

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

int box_open(struct box *box, const struct config *config, struct err *err)
{
	char label[32], text[512];
	const char *argv[] = {"docker", "-H", box->host, "run", "-d", "--rm", "--pull", "never",
			      "--network", "none", "--user", "0:0", "--label", label,
			      "--tmpfs", BOX_FOLDER ":exec", "--workdir", BOX_FOLDER,
			      "--entrypoint", "sleep", config->image, "86400", NULL};
	int result;

	(void)snprintf(label, sizeof(label), "kiln.bench=%d", (int)getpid());
	*box = (struct box){0};
	(void)snprintf(box->host, sizeof(box->host), "unix://%s", config->docker_socket);
	result = run_docker(argv, text, sizeof(text), err);
	if (result < 0)
		return result;
	/* docker may warn on stderr ahead of the id. */
	if (strspn(text, "0123456789abcdef") != sizeof(box->id) - 1)
		return err_set(err, -EPROTO, "docker run: %.*s", MESSAGE_BYTES, text);
	(void)snprintf(box->id, sizeof(box->id), "%.64s", text);
	return 0;
}

void box_close(struct box *box)
{
	const char *argv[] = {"docker", "-H", box->host, "rm", "-f", box->id, NULL};
	int status;

	if (box->id[0] == '\0')
		return;
	(void)process_run(argv, DOCKER_TIMEOUT_MS, &status);
	box->id[0] = '\0';
}

/* docker exec [-i] ID COMMAND… */
static int exec_command(const struct box *box, const char *const *command, bool with_input,
			const char *ret_argv[EXEC_ARGS_MAX])
{
	size_t count = 0;

	ret_argv[count++] = "docker";
	ret_argv[count++] = "-H";
	ret_argv[count++] = box->host;
	ret_argv[count++] = "exec";
	if (with_input)
		ret_argv[count++] = "-i";
	ret_argv[count++] = box->id;
	for (; *command != NULL; command++) {
		if (count + 1 == EXEC_ARGS_MAX)
			return -E2BIG;
		ret_argv[count++] = *command;
	}
	ret_argv[count] = NULL;
	return 0;
}

int box_exec(const struct box *box, const char *const *command, int64_t timeout_ms, char *text,
	     size_t size, int *ret_status)
{
	const char *argv[EXEC_ARGS_MAX];
	int result = exec_command(box, command, false, argv);

	return result < 0 ? result : process_capture(argv, timeout_ms, text, size, ret_status);
}

int box_converse(const struct box *box, const char *const *command, struct dialog *ret_dialog)
{
	const char *argv[EXEC_ARGS_MAX];
	int result = exec_command(box, command, true, argv);

	return result < 0 ? result : dialog_open(ret_dialog, argv);
}
