#include "docker/answer.h"

#include "docker/json.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool docker_id_is_valid(const char *id)
{
	return id != NULL && strspn(id, "0123456789abcdef") == DOCKER_ID_BYTES - 1 &&
	       id[DOCKER_ID_BYTES - 1] == '\0';
}

void docker_answer_message(const char *text, size_t length, char *ret_message, size_t size)
{
	auto_json json_t *answer = NULL;
	const char *message = NULL;

	if (docker_json_parse(text, length, &answer, NULL) == 0)
		message = json_string_value(json_object_get(answer, "message"));
	if (message == NULL || message[0] == '\0')
		message = "no message";
	(void)snprintf(ret_message, size, "%s", message);
	docker_json_clean(ret_message);
}

static int misfit(struct err *err, const char *key, const char *wanted)
{
	return err_set(err, -EPROTO, "the daemon's answer has no %s '%s'", wanted, key);
}

static int get_text(const json_t *object, const char *key, char *ret_text, size_t size,
		    struct err *err)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (text == NULL)
		return misfit(err, key, "text");
	if (strlen(text) >= size)
		return err_set(err, -EPROTO, "the daemon's answer has a '%s' of %zu bytes", key,
			       strlen(text));
	memcpy(ret_text, text, strlen(text) + 1);
	return 0;
}

static int get_number(const json_t *object, const char *key, int64_t min, int64_t max,
		      int64_t *ret_number, struct err *err)
{
	const json_t *value = json_object_get(object, key);
	int64_t number = json_integer_value(value);

	if (!json_is_integer(value))
		return misfit(err, key, "number");
	if (number < min || number > max)
		return err_set(err, -EPROTO, "the daemon's answer has the number %lld for '%s'",
			       (long long)number, key);
	*ret_number = number;
	return 0;
}

static int get_flag(const json_t *object, const char *key, bool *ret_flag, struct err *err)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_boolean(value))
		return misfit(err, key, "boolean");
	*ret_flag = json_is_true(value);
	return 0;
}

/* "1.41" as 1041, so that versions compare as numbers; -1 for what is not a version. */
static int version_number(const char *text)
{
	unsigned major, minor;
	int end = 0;

	if (strlen(text) > 7 || strspn(text, "0123456789.") != strlen(text))
		return -1;
	if (sscanf(text, "%3u.%3u%n", &major, &minor, &end) != 2 || text[end] != '\0')
		return -1;
	return (int)(major * 1000 + minor);
}

static int choose_version(struct docker_version *version, struct err *err)
{
	int newest = version_number(version->api);
	int oldest = version_number(version->api_minimum);
	bool ours_is_newer;

	if (newest < 0 || oldest < 0)
		return err_set(err, -EPROTO, "the daemon's API versions are not versions");
	if (newest < version_number(DOCKER_API_OLDEST) ||
	    oldest > version_number(DOCKER_API_NEWEST))
		return err_set(err, -EPROTO,
			       "the daemon speaks API versions %s to %s, Kiln %s to %s",
			       version->api_minimum, version->api, DOCKER_API_OLDEST,
			       DOCKER_API_NEWEST);
	ours_is_newer = newest < version_number(DOCKER_API_NEWEST);
	(void)snprintf(version->used, sizeof(version->used), "%s",
		       ours_is_newer ? version->api : DOCKER_API_NEWEST);
	return 0;
}

int docker_answer_version(const json_t *answer, struct docker_version *ret_version,
			  struct err *err)
{
	struct docker_version version = {0};
	int result = get_text(answer, "Version", version.engine, sizeof(version.engine), err);

	if (result == 0)
		result = get_text(answer, "ApiVersion", version.api, sizeof(version.api), err);
	if (result == 0)
		result = get_text(answer, "MinAPIVersion", version.api_minimum,
				  sizeof(version.api_minimum), err);
	if (result == 0)
		result = choose_version(&version, err);
	if (result == 0)
		*ret_version = version;
	return result;
}

/* Whole names alone: one that has no room any more is left out. */
static int get_runtimes(const json_t *answer, struct docker_info *info, struct err *err)
{
	json_t *runtimes = json_object_get(answer, "Runtimes");
	size_t length = 0;
	const char *name;
	json_t *value;

	if (!json_is_object(runtimes))
		return misfit(err, "Runtimes", "object");
	json_object_foreach(runtimes, name, value) {
		size_t added = strlen(name) + (length > 0);

		if (added >= sizeof(info->runtimes) - length)
			continue;
		(void)snprintf(info->runtimes + length, sizeof(info->runtimes) - length, "%s%s",
			       length > 0 ? " " : "", name);
		length += added;
	}
	return 0;
}

/* "name=seccomp,profile=default", "name=rootless". */
static bool has_security_option(const json_t *answer, const char *name)
{
	const json_t *options = json_object_get(answer, "SecurityOptions");

	for (size_t i = 0; i < json_array_size(options); i++) {
		const char *text = json_string_value(json_array_get(options, i));
		size_t length = strlen(name);

		if (text == NULL || strncmp(text, "name=", 5) != 0 ||
		    strncmp(text + 5, name, length) != 0)
			continue;
		if (text[5 + length] == '\0' || text[5 + length] == ',')
			return true;
	}
	return false;
}

static int get_names(const json_t *answer, struct docker_info *info, struct err *err)
{
	int result = 0;

	/* API 1.40 has no such field, and its daemons know version 1 alone. */
	if (json_object_get(answer, "CgroupVersion") == NULL)
		(void)snprintf(info->cgroup_version, sizeof(info->cgroup_version), "1");
	else
		result = get_text(answer, "CgroupVersion", info->cgroup_version,
				  sizeof(info->cgroup_version), err);
	if (result == 0)
		result = get_text(answer, "CgroupDriver", info->cgroup_driver,
				  sizeof(info->cgroup_driver), err);
	if (result == 0)
		result = get_text(answer, "Driver", info->storage_driver,
				  sizeof(info->storage_driver), err);
	if (result == 0)
		result = get_text(answer, "DefaultRuntime", info->default_runtime,
				  sizeof(info->default_runtime), err);
	if (result == 0)
		result = get_runtimes(answer, info, err);
	return result;
}

static int get_abilities(const json_t *answer, struct docker_info *info, struct err *err)
{
	int result = get_flag(answer, "MemoryLimit", &info->limits_memory, err);

	if (result == 0)
		result = get_flag(answer, "SwapLimit", &info->limits_swap, err);
	if (result == 0)
		result = get_flag(answer, "PidsLimit", &info->limits_pids, err);
	if (result == 0)
		result = get_flag(answer, "CpuCfsQuota", &info->limits_cpu, err);
	info->has_seccomp = has_security_option(answer, "seccomp");
	info->is_rootless = has_security_option(answer, "rootless");
	return result;
}

int docker_answer_info(const json_t *answer, struct docker_info *ret_info, struct err *err)
{
	struct docker_info info = {0};
	int64_t memory = 0, cpus = 0;
	int result = get_names(answer, &info, err);

	if (result == 0)
		result = get_abilities(answer, &info, err);
	if (result == 0)
		result = get_number(answer, "MemTotal", 0, INT64_MAX, &memory, err);
	if (result == 0)
		result = get_number(answer, "NCPU", 0, INT_MAX, &cpus, err);
	if (result < 0)
		return result;
	info.memory_bytes = (uint64_t)memory;
	info.cpus = (unsigned)cpus;
	*ret_info = info;
	return 0;
}

int docker_answer_image(const json_t *answer, char *ret_id, size_t size, struct err *err)
{
	return get_text(answer, "Id", ret_id, size, err);
}

static int get_id(const json_t *object, const char *key, char ret_id[DOCKER_ID_BYTES],
		  struct err *err)
{
	const char *id = json_string_value(json_object_get(object, key));

	if (!docker_id_is_valid(id))
		return misfit(err, key, "container id");
	memcpy(ret_id, id, DOCKER_ID_BYTES);
	return 0;
}

int docker_answer_created(const json_t *answer, char ret_id[DOCKER_ID_BYTES], struct err *err)
{
	return get_id(answer, "Id", ret_id, err);
}

int docker_answer_state(const json_t *answer, struct docker_state *ret_state, struct err *err)
{
	const json_t *object = json_object_get(answer, "State");
	struct docker_state state = {0};
	int64_t pid = 0, exit_code = 0;
	int result = get_flag(object, "Running", &state.running, err);

	if (result == 0)
		result = get_flag(object, "OOMKilled", &state.oom_killed, err);
	if (result == 0)
		result = get_number(object, "Pid", 0, INT_MAX, &pid, err);
	if (result == 0)
		result = get_number(object, "ExitCode", INT_MIN, INT_MAX, &exit_code, err);
	if (result < 0)
		return result;
	if (get_text(answer, "Image", state.image_id, sizeof(state.image_id), NULL) < 0)
		state.image_id[0] = '\0';
	state.pid = (int)pid;
	state.exit_code = (int)exit_code;
	*ret_state = state;
	return 0;
}

int docker_answer_exit_code(const json_t *answer, int *ret_exit_code, struct err *err)
{
	const json_t *failure = json_object_get(answer, "Error");
	const char *message = json_string_value(json_object_get(failure, "Message"));
	int64_t exit_code;
	int result;

	if (message != NULL && message[0] != '\0') {
		(void)err_set(err, -EIO, "%s", message);
		if (err != NULL)
			docker_json_clean(err->text);
		return -EIO;
	}
	result = get_number(answer, "StatusCode", INT_MIN, INT_MAX, &exit_code, err);
	if (result == 0)
		*ret_exit_code = (int)exit_code;
	return result;
}

int docker_answer_ids(const json_t *answer, char (**ret_ids)[DOCKER_ID_BYTES], size_t *ret_count,
		      struct err *err)
{
	size_t count = json_array_size(answer);
	char(*ids)[DOCKER_ID_BYTES];

	if (!json_is_array(answer))
		return err_set(err, -EPROTO, "the daemon's answer is not a list");
	ids = calloc(count + 1, sizeof(*ids));
	if (ids == NULL)
		return err_set(err, -ENOMEM, "out of memory for %zu container ids", count);
	for (size_t i = 0; i < count; i++) {
		int result = get_id(json_array_get(answer, i), "Id", ids[i], err);

		if (result < 0) {
			free(ids);
			return result;
		}
	}
	*ret_ids = ids;
	*ret_count = count;
	return 0;
}

static enum docker_event_kind event_kind(const char *type, const char *action)
{
	if (type != NULL && strcmp(type, "container") != 0)
		return DOCKER_EVENT_OTHER;
	if (strcmp(action, "die") == 0)
		return DOCKER_EVENT_DIE;
	if (strcmp(action, "oom") == 0)
		return DOCKER_EVENT_OOM;
	return DOCKER_EVENT_OTHER;
}

/* Attributes are texts, numbers among them: "exitCode": "137". */
static int get_exit_code(const json_t *actor, int *ret_exit_code, struct err *err)
{
	const json_t *attributes = json_object_get(actor, "Attributes");
	const char *text = json_string_value(json_object_get(attributes, "exitCode"));
	char *end = NULL;
	long value;

	if (text == NULL || text[0] == '\0')
		return misfit(err, "exitCode", "text");
	errno = 0;
	value = strtol(text, &end, 10);
	if (errno != 0 || *end != '\0' || value < INT_MIN || value > INT_MAX)
		return misfit(err, "exitCode", "number in");
	*ret_exit_code = (int)value;
	return 0;
}

int docker_answer_event(const json_t *answer, struct docker_event *ret_event, struct err *err)
{
	const json_t *actor = json_object_get(answer, "Actor");
	const char *type = json_string_value(json_object_get(answer, "Type"));
	const char *action = json_string_value(json_object_get(answer, "Action"));
	struct docker_event event = {0};
	int result;

	/* `status` and `id` are the older names, gone from API 1.52. */
	if (action == NULL)
		action = json_string_value(json_object_get(answer, "status"));
	if (action == NULL)
		return misfit(err, "Action", "text");
	event.kind = event_kind(type, action);
	if (json_object_get(actor, "ID") != NULL)
		result = get_id(actor, "ID", event.id, err);
	else
		result = get_id(answer, "id", event.id, err);
	if (result < 0 && event.kind != DOCKER_EVENT_OTHER)
		return result;
	if (event.kind == DOCKER_EVENT_DIE) {
		result = get_exit_code(actor, &event.exit_code, err);
		if (result < 0)
			return result;
	}
	*ret_event = event;
	return 0;
}

int64_t docker_answer_time_ns(const json_t *answer)
{
	int64_t time_ns = json_integer_value(json_object_get(answer, "timeNano"));

	return time_ns < 0 ? 0 : time_ns;
}
