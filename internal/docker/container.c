#include "base/cleanup.h"
#include "docker/http.h"
#include "docker/spec.h"

#include <errno.h>
#include <stdio.h>

#define PATH_BYTES 160 /* an id and the longest call on it */

/* A call on one container: `action` stands behind its id in the path. */
static int call(struct docker *docker, struct docker_request *request, const char *id,
		const char *action, json_t **ret_answer, struct err *err)
{
	char path[PATH_BYTES];
	int result;

	if (!docker_id_is_valid(id))
		return err_set(err, -EINVAL, "'%.*s' is not a container id", DOCKER_ID_BYTES, id);
	(void)snprintf(path, sizeof(path), "/containers/%s%s", id, action);
	request->path = path;
	result = docker_http_call(docker, request, ret_answer, err);
	request->path = NULL;
	return result;
}

static int wrap(struct err *err, int result, const char *verb, const char *id)
{
	if (result < 0)
		(void)err_wrap(err, "%s container %.12s", verb, id);
	return result;
}

static const char *create_path(struct docker *docker, struct buf *path, const char *name,
			       struct err *err)
{
	(void)buf_append_text(path, "/containers/create");
	if (name != NULL) {
		(void)buf_append_text(path, "?name=");
		docker_http_escape(docker, path, name);
	}
	return docker_http_path(path, err);
}

int docker_create(struct docker *docker, const struct docker_spec *spec,
		  char ret_id[DOCKER_ID_BYTES], struct err *err)
{
	auto_buf struct buf path = {.max = BUF_UNBOUNDED};
	auto_free char *body = docker_spec_format(spec, err);
	struct docker_request request = {
		.method = "POST",
		.body = body,
		.timeout_ms = docker->change_ms,
		.once = true,
	};
	auto_json json_t *answer = NULL;
	int result;

	if (body == NULL)
		return -ENOMEM;
	request.path = create_path(docker, &path, spec->name, err);
	if (request.path == NULL)
		return -ENOMEM;
	result = docker_http_call(docker, &request, &answer, err);
	if (result == 0)
		result = docker_answer_created(answer, ret_id, err);
	if (result < 0)
		(void)err_wrap(err, "create a container of '%s'", spec->image);
	return result;
}

int docker_start(struct docker *docker, const char *id, struct err *err)
{
	struct docker_request request = {
		.method = "POST",
		.timeout_ms = docker->change_ms,
		.once = true, /* or the second would report -EALREADY for the first's success */
	};

	return wrap(err, call(docker, &request, id, "/start", NULL, err), "start", id);
}

int docker_kill(struct docker *docker, const char *id, struct err *err)
{
	struct docker_request request = {.method = "POST", .timeout_ms = docker->change_ms};

	return wrap(err, call(docker, &request, id, "/kill", NULL, err), "kill", id);
}

int docker_remove(struct docker *docker, const char *id, struct err *err)
{
	struct docker_request request = {.method = "DELETE", .timeout_ms = docker->change_ms};

	return wrap(err, call(docker, &request, id, "?force=1&v=1", NULL, err), "remove", id);
}

int docker_lift_cpu_quota(struct docker *docker, const char *id, struct err *err)
{
	struct docker_request request = {
		.method = "POST",
		.body = "{\"CpuQuota\":-1}",
		.timeout_ms = docker->change_ms,
	};

	return wrap(err, call(docker, &request, id, "/update", NULL, err), "update", id);
}

int docker_wait(struct docker *docker, const char *id, int timeout_ms, int *ret_exit_code,
		struct err *err)
{
	struct docker_request request = {
		.method = "POST",
		.timeout_ms = timeout_ms > 0 ? timeout_ms : 1,
		.once = true, /* or the second would wait as long again */
	};
	auto_json json_t *answer = NULL;
	int result = call(docker, &request, id, "/wait?condition=not-running", &answer, err);

	if (result == 0)
		result = docker_answer_exit_code(answer, ret_exit_code, err);
	return wrap(err, result, "wait for", id);
}

int docker_inspect(struct docker *docker, const char *id, struct docker_state *ret_state,
		   struct err *err)
{
	struct docker_request request = {.method = "GET", .timeout_ms = docker->query_ms};
	auto_json json_t *answer = NULL;
	int result = call(docker, &request, id, "/json", &answer, err);

	if (result == 0)
		result = docker_answer_state(answer, ret_state, err);
	return wrap(err, result, "inspect", id);
}

int docker_list(struct docker *docker, const char *label, const char *value,
		char (**ret_ids)[DOCKER_ID_BYTES], size_t *ret_count, struct err *err)
{
	auto_buf struct buf path = {.max = BUF_UNBOUNDED};
	struct docker_request request = {.method = "GET", .timeout_ms = docker->query_ms};
	auto_json json_t *answer = NULL;
	int result;

	(void)buf_append_text(&path, "/containers/json?all=1&");
	docker_http_filter(docker, &path, NULL, label, value);
	request.path = docker_http_path(&path, err);
	if (request.path == NULL)
		return -ENOMEM;
	result = docker_http_call(docker, &request, &answer, err);
	if (result == 0)
		result = docker_answer_ids(answer, ret_ids, ret_count, err);
	if (result < 0)
		(void)err_wrap(err, "list containers");
	return result;
}

int docker_prune(struct docker *docker, const char *label, unsigned age_seconds, size_t *ret_count,
		 struct err *err)
{
	auto_buf struct buf path = {.max = BUF_UNBOUNDED};
	struct docker_request request = {.method = "POST", .timeout_ms = docker->change_ms};
	auto_json json_t *filters = NULL;
	auto_json json_t *answer = NULL;
	char age[16];
	int result;

	(void)snprintf(age, sizeof(age), "%us", age_seconds);
	filters = json_pack("{s:[s],s:[s]}", "label", label, "until", age);
	(void)buf_append_text(&path, "/containers/prune?");
	docker_http_filters(docker, &path, filters);
	request.path = docker_http_path(&path, err);
	if (request.path == NULL)
		return -ENOMEM;
	result = docker_http_call(docker, &request, &answer, err);
	if (result < 0)
		return err_wrap(err, "remove old containers");
	/* null when there was none */
	*ret_count = json_array_size(json_object_get(answer, "ContainersDeleted"));
	return 0;
}
