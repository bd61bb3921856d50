/* What the daemon answers, as JSON: the first byte chooses the reader. */
#include "docker/answer.h"
#include "docker/json.h"

#include <stdlib.h>
#include <string.h>

static void read_ids(const json_t *answer)
{
	char(*ids)[DOCKER_ID_BYTES] = NULL;
	size_t count = 0;

	if (docker_answer_ids(answer, &ids, &count, NULL) < 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (!docker_id_is_valid(ids[i]))
			abort();
	}
	free(ids);
}

static void read_event(const json_t *answer)
{
	struct docker_event event;

	if (docker_answer_time_ns(answer) < 0)
		abort();
	if (docker_answer_event(answer, &event, NULL) < 0)
		return;
	if (event.kind != DOCKER_EVENT_OTHER && !docker_id_is_valid(event.id))
		abort();
}

static void read_version(const json_t *answer)
{
	struct docker_version version;

	if (docker_answer_version(answer, &version, NULL) == 0 &&
	    strspn(version.used, "0123456789.") != strlen(version.used))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_json json_t *answer = NULL;
	struct docker_info info;
	struct docker_state state;
	struct err err;
	char text[128];
	int exit_code;

	if (size == 0)
		return 0;
	docker_answer_message((const char *)data + 1, size - 1, text, sizeof(text));
	if (strpbrk(text, "\n\r\t\033") != NULL || text[0] == '\0')
		abort();
	if (docker_json_parse((const char *)data + 1, size - 1, &answer, &err) < 0)
		return 0;
	switch (data[0] % 8) {
	case 0:
		read_version(answer);
		break;
	case 1:
		(void)docker_answer_info(answer, &info, &err);
		break;
	case 2:
		(void)docker_answer_state(answer, &state, &err);
		break;
	case 3:
		(void)docker_answer_exit_code(answer, &exit_code, &err);
		break;
	case 4:
		read_ids(answer);
		break;
	case 5:
		read_event(answer);
		break;
	case 6:
		(void)docker_answer_image(answer, text, sizeof(text), &err);
		break;
	default:
		(void)docker_answer_created(answer, text, &err);
		break;
	}
	return 0;
}
