#include "config/options.h"

#include "config/config.h"

#include <string.h>

#define KI UINT64_C(1024)
#define MI (1024 * KI)
#define GI (1024 * MI)
#define SECOND UINT64_C(1000)
#define HOUR (3600 * SECOND)

/* A socket path has at most 107 bytes (unix(7)); below the run directory there is one more folder
 * of up to 32 bytes, and the socket's name. */
#define RUN_DIR_BYTES_MAX 60
#define SOCKET_PATH_BYTES_MAX 107

#define FIELD(member) \
	.offset = offsetof(struct config, member), .width = sizeof(((struct config *)0)->member)

static const struct choice truths[] = {{"true", 1}, {"false", 0}, {"yes", 1}, {"no", 0},
				       {"on", 1},   {"off", 0},   {"1", 1},   {"0", 0},
				       {NULL, 0}};
static const struct choice encodings[] = {{"base64", ENCODING_BASE64}, {"utf8", ENCODING_UTF8},
					  {NULL, 0}};
static const struct choice channels[] = {{"socket", CHANNEL_SOCKET}, {"attach", CHANNEL_ATTACH},
					 {NULL, 0}};
static const struct choice policies[] = {{"off", POLICY_OFF}, {"audit", POLICY_AUDIT},
					 {"enforce", POLICY_ENFORCE}, {NULL, 0}};
static const struct choice levels[] = {{"debug", LOG_DEBUG}, {"info", LOG_INFO},
				       {"warn", LOG_WARN}, {"error", LOG_ERROR}, {NULL, 0}};
static const struct choice formats[] = {{"auto", LOG_AUTO}, {"json", LOG_JSON},
					{"pretty", LOG_PRETTY}, {NULL, 0}};

/* The same ten variables for each subject. */
#define PROFILE(in, prefix, profile, subject_default, code_default)                                \
	{.name = prefix "SUBJECT", .section = (in), .kind = OPTION_SUBJECT,                        \
	 FIELD(profile.subject), .max = 255, .fallback = (subject_default),                        \
	 .meaning = "The subject that requests arrive on."},                                       \
	{.name = prefix "ENCODING", .section = (in), .kind = OPTION_CHOICE,                        \
	 FIELD(profile.encoding), .choices = encodings, .fallback = "base64",                      \
	 .meaning = "How code, stdin and files are encoded where a request does not say."},        \
	{.name = prefix "CODE_BYTES_MAX", .section = (in), .kind = OPTION_BYTES,                   \
	 FIELD(profile.code_bytes_max), .min = 1, .max = 48 * MI, .fallback = (code_default),      \
	 .meaning = "The longest program, decoded."},                                              \
	{.name = prefix "WALL_MS", .section = (in), .kind = OPTION_MS,                             \
	 FIELD(profile.limits.wall_ms), .min = 10, .max = HOUR, .fallback = "10s",                 \
	 .meaning = "The longest run. This and the limits below are what a request gets when it\n" \
		    "asks for nothing, and the most that it can ask for."},                        \
	{.name = prefix "CPU_MS", .section = (in), .kind = OPTION_MS,                              \
	 FIELD(profile.limits.cpu_ms), .min = 10, .max = 24 * HOUR,                                \
	 .otherwise = "as " prefix "WALL_MS",                                                      \
	 .meaning = "The most CPU time of a run, over all its processes."},                        \
	{.name = prefix "MEMORY_BYTES", .section = (in), .kind = OPTION_BYTES,                     \
	 FIELD(profile.limits.memory_bytes), .min = MI, .max = 1024 * GI,                          \
	 .otherwise = "as KILN_MEMORY_BYTES",                                                      \
	 .meaning = "The most memory of a run, all its processes and files together."},            \
	{.name = prefix "OUTPUT_BYTES", .section = (in), .kind = OPTION_BYTES,                     \
	 FIELD(profile.limits.output_bytes), .min = 1, .max = 256 * MI, .fallback = "1M",          \
	 .meaning = "The most output of each of stdout and stderr."},                              \
	{.name = prefix "PROCESSES", .section = (in), .kind = OPTION_COUNT,                        \
	 FIELD(profile.limits.processes), .min = 1, .max = 32768, .otherwise = "as KILN_PIDS",     \
	 .meaning = "The most processes and threads of a run at one time."},                       \
	{.name = prefix "FILE_BYTES", .section = (in), .kind = OPTION_BYTES,                       \
	 FIELD(profile.limits.file_bytes), .min = 1, .max = 1024 * GI,                             \
	 .otherwise = "as KILN_WORKSPACE_BYTES",                                                   \
	 .meaning = "The largest file that a run may write."},                                     \
	{.name = prefix "COMPILE_WALL_MS", .section = (in), .kind = OPTION_MS,                     \
	 FIELD(profile.limits.compile_wall_ms), .min = 10, .max = HOUR, .fallback = "10s",         \
	 .meaning = "The longest compilation."}

const struct option option_table[] = {
	{.name = "KILN_ENGINE_NAME", .section = SECTION_ENGINE, .kind = OPTION_LABEL,
	 FIELD(engine_name), .max = 63, .otherwise = "the host's name",
	 .meaning = "Names this engine in replies, in the log and on its containers. Engines that\n"
		    "share a Docker daemon need names of their own."},
	{.name = "ENVIRONMENT", .section = SECTION_ENGINE, .kind = OPTION_TEXT,
	 FIELD(environment), .max = 64,
	 .meaning = "Where this engine serves, such as production: stands in every log record."},
	{.name = "KILN_WORKERS", .section = SECTION_ENGINE, .kind = OPTION_COUNT,
	 FIELD(workers), .min = 1, .max = 1024,
	 .otherwise = "the host's cores / KILN_CPUS, at least 2",
	 .meaning = "How many jobs run at one time."},
	{.name = "KILN_QUEUE_CAPACITY", .section = SECTION_ENGINE, .kind = OPTION_COUNT,
	 FIELD(queue_capacity), .min = 0, .max = 1000000, .fallback = "256",
	 .meaning = "How many accepted jobs may wait for a worker; more are refused as busy."},
	{.name = "KILN_QUEUE_WAIT_MS", .section = SECTION_ENGINE, .kind = OPTION_MS,
	 FIELD(queue_wait_ms), .min = 1, .max = 24 * HOUR, .fallback = "30s",
	 .meaning = "The longest that a job waits for a container."},
	{.name = "KILN_GRACE_MS", .section = SECTION_ENGINE, .kind = OPTION_MS,
	 FIELD(grace_ms), .min = 0, .max = 24 * HOUR, .fallback = "30s",
	 .meaning = "After SIGTERM: how long to finish what was accepted."},
	{.name = "KILN_POLICY", .section = SECTION_ENGINE, .kind = OPTION_CHOICE,
	 FIELD(policy), .choices = policies, .fallback = "off",
	 .meaning = "What becomes of a program that matches a pattern of KILN_POLICY_FILE: audit\n"
		    "names the rule in the log, enforce refuses the request as well. This is no\n"
		    "security boundary."},
	{.name = "KILN_POLICY_FILE", .section = SECTION_ENGINE, .kind = OPTION_FILE,
	 FIELD(policy_file), .max = 4095,
	 .meaning = "The rules of KILN_POLICY, such as deploy/policy.json."},
	{.name = "KILN_COMPILE_CACHE_BYTES", .section = SECTION_ENGINE, .kind = OPTION_BYTES,
	 FIELD(compile_cache_bytes), .min = 0, .max = 64 * GI, .fallback = "256M",
	 .meaning = "How much of what compilers made is kept in memory, so that the same sources\n"
		    "need not be compiled again; 0 turns that off."},

	{.name = "NATSURL", .section = SECTION_NATS, .kind = OPTION_URLS,
	 FIELD(nats_url), .max = 2048, .fallback = "nats://localhost:4222",
	 .meaning = "The NATS server, or several of one cluster."},
	{.name = "KILN_NATS_USER", .section = SECTION_NATS, .kind = OPTION_TEXT,
	 FIELD(nats_user), .max = 255,
	 .meaning = "To log in with KILN_NATS_PASSWORD. At most one of the four ways to log in:\n"
		    "this, KILN_NATS_TOKEN, KILN_NATS_CREDENTIALS, KILN_NATS_NKEY_SEED."},
	{.name = "KILN_NATS_PASSWORD", .section = SECTION_NATS, .kind = OPTION_TEXT,
	 FIELD(nats_password), .max = 1024, .secret = true,
	 .meaning = "The password of KILN_NATS_USER."},
	{.name = "KILN_NATS_TOKEN", .section = SECTION_NATS, .kind = OPTION_TEXT,
	 FIELD(nats_token), .max = 4096, .secret = true,
	 .meaning = "To log in with a token."},
	{.name = "KILN_NATS_CREDENTIALS", .section = SECTION_NATS, .kind = OPTION_FILE,
	 FIELD(nats_credentials_file), .max = 4095,
	 .meaning = "To log in with a .creds file, which holds a JWT and a seed."},
	{.name = "KILN_NATS_NKEY", .section = SECTION_NATS, .kind = OPTION_NKEY,
	 FIELD(nats_nkey), .max = 56,
	 .meaning = "The public key that belongs to KILN_NATS_NKEY_SEED."},
	{.name = "KILN_NATS_NKEY_SEED", .section = SECTION_NATS, .kind = OPTION_FILE,
	 FIELD(nats_nkey_seed_file), .max = 4095,
	 .meaning = "To log in with an NKey: the file that holds its seed."},
	{.name = "KILN_NATS_TLS", .section = SECTION_NATS, .kind = OPTION_CHOICE,
	 FIELD(nats_tls), .choices = truths, .fallback = "false",
	 .meaning = "Speak TLS alone. A server's URL that begins with tls:// says the same."},
	{.name = "KILN_NATS_TLS_CA", .section = SECTION_NATS, .kind = OPTION_FILE,
	 FIELD(nats_tls_ca_file), .max = 4095, .otherwise = "the system's authorities",
	 .meaning = "Certificates (PEM) of the authorities that may vouch for the server."},
	{.name = "KILN_NATS_TLS_CERT", .section = SECTION_NATS, .kind = OPTION_FILE,
	 FIELD(nats_tls_cert_file), .max = 4095,
	 .meaning = "This client's certificate (PEM), where the server asks for one."},
	{.name = "KILN_NATS_TLS_KEY", .section = SECTION_NATS, .kind = OPTION_FILE,
	 FIELD(nats_tls_key_file), .max = 4095,
	 .meaning = "The private key (PEM) of KILN_NATS_TLS_CERT."},
	{.name = "KILN_QUEUE_GROUP", .section = SECTION_NATS, .kind = OPTION_SUBJECT,
	 FIELD(nats_queue_group), .max = 255, .fallback = "kiln",
	 .meaning = "Engines of one queue group share the requests."},
	{.name = "KILN_NATS_BUFFER_BYTES", .section = SECTION_NATS, .kind = OPTION_BYTES,
	 FIELD(nats_buffer_bytes), .min = MI, .max = 16 * GI, .fallback = "64M",
	 .meaning = "How much of replies is held while the server is away."},
	{.name = "KILN_RESULT_SUBJECT", .section = SECTION_NATS, .kind = OPTION_SUBJECT,
	 FIELD(result_subject), .max = 255, .otherwise = "such requests are dropped",
	 .meaning = "Where the results of requests without a reply subject go."},
	{.name = "KILN_REQUEST_BYTES_MAX", .section = SECTION_NATS, .kind = OPTION_BYTES,
	 FIELD(request_bytes_max), .min = KI, .max = 64 * MI, .fallback = "8M",
	 .meaning = "The largest request; the server has a limit of its own (max_payload)."},

	PROFILE(SECTION_COMPILER, "KILN_COMPILER_", compiler, "compiler.execute.request", "10000"),
	PROFILE(SECTION_PROBLEMS, "KILN_PROBLEMS_", problems, "problems.execute.request", "1M"),

	{.name = "KILN_DOCKER_SOCKET", .section = SECTION_DOCKER, .kind = OPTION_PATH,
	 FIELD(docker_socket), .max = SOCKET_PATH_BYTES_MAX, .fallback = "/var/run/docker.sock",
	 .meaning = "The Unix socket of the Docker daemon."},
	{.name = "KILN_IMAGE", .section = SECTION_DOCKER, .kind = OPTION_IMAGE,
	 FIELD(image), .max = 512, .fallback = "kiln/worker:latest",
	 .meaning = "The image of the worker containers."},
	{.name = "KILN_CONTAINER_RUNTIME", .section = SECTION_DOCKER, .kind = OPTION_LABEL,
	 FIELD(runtime), .max = 128, .otherwise = "the daemon's default",
	 .meaning = "The container runtime, as the daemon names it: runc, crun, runsc, …"},
	{.name = "KILN_CHANNEL", .section = SECTION_DOCKER, .kind = OPTION_CHOICE,
	 FIELD(channel), .choices = channels, .fallback = "socket",
	 .meaning = "How the engine talks to a container: a Unix socket that is bound into it, or\n"
		    "its attached stdio (for gVisor, Kata and daemons on other hosts)."},
	{.name = "KILN_RUN_DIR", .section = SECTION_DOCKER, .kind = OPTION_PATH,
	 FIELD(run_dir), .max = RUN_DIR_BYTES_MAX, .fallback = "/run/kiln",
	 .meaning = "Where the sockets to the containers live."},
	{.name = "KILN_RUN_DIR_HOST", .section = SECTION_DOCKER, .kind = OPTION_PATH,
	 FIELD(run_dir_host), .max = 1024, .otherwise = "as KILN_RUN_DIR",
	 .meaning = "The same folder as the Docker daemon sees it, when the engine itself runs in\n"
		    "a container."},

	{.name = "KILN_POOL_SIZE", .section = SECTION_CONTAINER, .kind = OPTION_COUNT,
	 FIELD(pool_size), .min = 1, .max = 1024, .otherwise = "as KILN_WORKERS",
	 .meaning = "How many containers are kept warm."},
	{.name = "KILN_JOBS_PER_CONTAINER", .section = SECTION_CONTAINER, .kind = OPTION_COUNT,
	 FIELD(jobs_per_container), .min = 1, .max = 1000000, .fallback = "1000",
	 .meaning = "After so many jobs a container is replaced."},
	{.name = "KILN_WARM_MS", .section = SECTION_CONTAINER, .kind = OPTION_MS,
	 FIELD(warm_ms), .min = 0, .max = 1000000000, .fallback = "600000",
	 .meaning = "For so long after the last job in a language an interpreter of it stands\n"
		    "ready in each container, where the image has a way to do that. 0: never."},
	{.name = "KILN_MEMORY_BYTES", .section = SECTION_CONTAINER, .kind = OPTION_BYTES,
	 FIELD(container_memory_bytes), .min = 16 * MI, .max = 1024 * GI, .fallback = "400M",
	 .meaning = "The memory of a container, its files among it. There is no swap."},
	{.name = "KILN_CPUS", .section = SECTION_CONTAINER, .kind = OPTION_CORES,
	 FIELD(container_cpus), .min = 10, .max = 512000, .fallback = "0.5",
	 .meaning = "The share of the CPU of a container, as a long-run average."},
	{.name = "KILN_PIDS", .section = SECTION_CONTAINER, .kind = OPTION_COUNT,
	 FIELD(container_pids), .min = 16, .max = 32768, .fallback = "128",
	 .meaning = "The most processes and threads of a container."},
	{.name = "KILN_OVERHEAD_BYTES", .section = SECTION_CONTAINER, .kind = OPTION_BYTES,
	 FIELD(overhead_bytes), .min = 1, .max = 16 * GI,
	 .otherwise = "512M under runsc, else none",
	 .meaning = "Memory beyond KILN_MEMORY_BYTES for a container runtime that is itself\n"
		    "within the container's limits: under gVisor, its kernel is."},
	{.name = "KILN_OVERHEAD_PIDS", .section = SECTION_CONTAINER, .kind = OPTION_COUNT,
	 FIELD(overhead_pids), .min = 1, .max = 32768, .otherwise = "8192 under runsc, else none",
	 .meaning = "Processes and threads beyond KILN_PIDS, for the same reason."},
	{.name = "KILN_WORKSPACE_BYTES", .section = SECTION_CONTAINER, .kind = OPTION_BYTES,
	 FIELD(workspace_bytes), .min = MI, .max = 256 * GI, .fallback = "64M",
	 .meaning = "The space for a job's files; /tmp and /dev/shm have as much each. It counts\n"
		    "as memory, so three times this must stay below KILN_MEMORY_BYTES."},
	{.name = "KILN_WORKSPACE_INODES", .section = SECTION_CONTAINER, .kind = OPTION_COUNT,
	 FIELD(workspace_inodes), .min = 64, .max = 10000000, .fallback = "16384",
	 .meaning = "How many files there may be in each of these places."},

	{.name = "KILN_LOG_LEVEL", .section = SECTION_LOG, .kind = OPTION_CHOICE,
	 FIELD(log_level), .choices = levels, .fallback = "info",
	 .meaning = "The least that is written to the log, which is stderr."},
	{.name = "KILN_LOG_FORMAT", .section = SECTION_LOG, .kind = OPTION_CHOICE,
	 FIELD(log_format), .choices = formats, .fallback = "auto",
	 .meaning = "JSON lines, readable lines, or readable where stderr is a terminal."},
};

const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);
_Static_assert(sizeof(option_table) / sizeof(option_table[0]) <= OPTIONS_MAX, "raise OPTIONS_MAX");

static const char *const titles[SECTION_COUNT] = {
	[SECTION_ENGINE] = "The engine",
	[SECTION_NATS] = "NATS",
	[SECTION_COMPILER] = "Requests on compiler.execute.request",
	[SECTION_PROBLEMS] = "Requests on problems.execute.request",
	[SECTION_DOCKER] = "Docker",
	[SECTION_CONTAINER] = "The worker containers",
	[SECTION_LOG] = "The log",
};

const char *option_section_title(enum option_section section)
{
	return titles[section];
}

const struct option *option_find(const char *name)
{
	for (size_t i = 0; i < option_count; i++) {
		if (strcmp(option_table[i].name, name) == 0)
			return &option_table[i];
	}
	return NULL;
}

#define NAME_BYTES_MAX 64

/* What it costs to turn the name that was written into the one that was meant. A part left out is
 * the likeliest mistake: KILN_MEMORY for KILN_MEMORY_BYTES. */
#define COST_OF_MISSING 1
#define COST_OF_EXTRA 2
#define COST_OF_OTHER 2

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Levenshtein's distance between the first NAME_BYTES_MAX bytes of both, with these costs. */
static size_t distance(const char *written, const char *meant)
{
	size_t written_length = strnlen(written, NAME_BYTES_MAX);
	size_t meant_length = strnlen(meant, NAME_BYTES_MAX);
	size_t row[NAME_BYTES_MAX + 1];

	for (size_t j = 0; j <= meant_length; j++)
		row[j] = j * COST_OF_MISSING;
	for (size_t i = 1; i <= written_length; i++) {
		size_t diagonal = row[0];

		row[0] = i * COST_OF_EXTRA;
		for (size_t j = 1; j <= meant_length; j++) {
			size_t above = row[j];
			size_t other = written[i - 1] == meant[j - 1] ? 0 : COST_OF_OTHER;

			row[j] = smallest(above + COST_OF_EXTRA, row[j - 1] + COST_OF_MISSING,
					  diagonal + other);
			diagonal = above;
		}
	}
	return row[meant_length];
}

const struct option *option_nearest(const char *name)
{
	const struct option *nearest = &option_table[0];

	for (size_t i = 1; i < option_count; i++) {
		if (distance(name, option_table[i].name) < distance(name, nearest->name))
			nearest = &option_table[i];
	}
	return nearest;
}
