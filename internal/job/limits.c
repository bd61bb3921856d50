#include "job/limits.h"

static const char *const names[LIMIT_NAMES] = {
	[LIMIT_NONE] = "none",
	[LIMIT_WALL] = "wall_ms",
	[LIMIT_CPU] = "cpu_ms",
	[LIMIT_MEMORY] = "memory_bytes",
	[LIMIT_OUTPUT] = "output_bytes",
	[LIMIT_PROCESSES] = "processes",
	[LIMIT_FILE] = "file_bytes",
	[LIMIT_COMPILE_WALL] = "compile_wall_ms",
	[LIMIT_COMPILE_MEMORY] = "compile_memory_bytes",
	[LIMIT_QUEUE] = "queue_ms",
};

const char *limit_name_text(enum limit_name name)
{
	return (unsigned)name < LIMIT_NAMES ? names[name] : names[LIMIT_NONE];
}

static void lower(uint64_t *limit, uint64_t requested)
{
	if (requested != 0 && requested < *limit)
		*limit = requested;
}

void limits_lower(struct limits *limits, const struct limits *requested)
{
	lower(&limits->wall_ms, requested->wall_ms);
	lower(&limits->cpu_ms, requested->cpu_ms);
	lower(&limits->memory_bytes, requested->memory_bytes);
	lower(&limits->output_bytes, requested->output_bytes);
	lower(&limits->processes, requested->processes);
	lower(&limits->file_bytes, requested->file_bytes);
	lower(&limits->compile_wall_ms, requested->compile_wall_ms);
}
