/* limits: what a job may use, and which of it ran out. */
#ifndef KILN_JOB_LIMITS_H
#define KILN_JOB_LIMITS_H

#include <stdint.h>

/* Zero in a request means: not asked for. Zero never stands in a job's limits. */
struct limits {
	uint64_t wall_ms;         /* of the run */
	uint64_t cpu_ms;          /* of the run, summed over its processes */
	uint64_t memory_bytes;    /* of the run, all processes and its files in tmpfs */
	uint64_t output_bytes;    /* of each of stdout and stderr */
	uint64_t processes;       /* processes and threads at one time */
	uint64_t file_bytes;      /* of one file that the program writes */
	uint64_t compile_wall_ms; /* of the compile stage; not set by requests */
};

/* The values travel in frames: append only. */
enum limit_name {
	LIMIT_NONE,
	LIMIT_WALL,
	LIMIT_CPU,
	LIMIT_MEMORY,
	LIMIT_OUTPUT,
	LIMIT_PROCESSES,
	LIMIT_FILE,
	LIMIT_COMPILE_WALL,
	LIMIT_COMPILE_MEMORY,
	LIMIT_QUEUE, /* time spent in the queue; never from an agent */
	LIMIT_NAMES, /* how many there are */
};

/* A limit that fired: the evidence for a verdict. Units are those of struct limits. */
struct limit_hit {
	enum limit_name name;
	uint64_t allowed;
	uint64_t measured;
};

/* As in the reply: "wall_ms", "memory_bytes", …; "none" for LIMIT_NONE. */
const char *limit_name_text(enum limit_name name);

/* Lowers each limit to the one that was asked for; a request never raises one. */
void limits_lower(struct limits *limits, const struct limits *requested);

#endif
