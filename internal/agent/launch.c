#include "agent/launch.h"

#include "agent/standby.h"
#include "base/clock.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <time.h>

/* CPU time of a process so far: another's clock can be read by anyone. */
static int64_t cpu_us_of(pid_t pid)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) < 0)
		return 0;
	return time.tv_sec * (NS_PER_S / NS_PER_US) + time.tv_nsec / NS_PER_US;
}

static int launch_warm(const struct stage_plan *plan, struct launched *launched)
{
	struct warm_process *warm = plan->warm;
	int64_t cpu_us = cpu_us_of(warm->pid);
	int result = sandbox_limit_process(warm->pid, warm->uid, &plan->limits,
					   (uint64_t)(cpu_us / 1000000));

	if (result < 0)
		return result;
	*launched = (struct launched){
		.pid = warm->pid,
		.pipes = warm->pipes,
		.start_ns = clock_now_ns(),
		.cpu_us = cpu_us,
	};
	result = warm_process_go(warm, plan->args);
	if (result < 0)
		return result;
	*warm = (struct warm_process){.control_fd = -1, .pipes = pipe_ends_none()};
	return 0;
}

static int launch_cold(const struct supervisor *supervisor, const struct stage_plan *plan,
		       bool files_are_there, struct launched *launched, struct err *err)
{
	struct pipe_ends job;
	int result = pipes_open(supervisor->uid, plan->is_compile, &launched->pipes, &job, err);
	pid_t pid;

	if (result < 0)
		return result;
	launched->start_ns = clock_now_ns();
	pid = sandbox_spawn(
		&(struct sandbox_stage){
			.argv = plan->argv,
			.environment = plan->environment,
			.uid = supervisor->uid,
			.ruleset_fd = supervisor->ruleset_fd,
			.limits = &plan->limits,
			.input_fd = job.input_fd,
			.output_fd = job.output_fd,
			.error_fd = job.error_fd,
			.control_fd = -1,
			.files = plan->files,
			.files_count = files_are_there ? 0 : plan->files_count,
		},
		supervisor->failure, err);
	pipe_ends_close(&job);
	launched->pid = pid;
	return pid < 0 ? (int)pid : 0;
}

int launch(const struct supervisor *supervisor, const struct stage_plan *plan,
	   struct launched *ret_launched, struct err *err)
{
	bool has_warm = plan->warm != NULL && plan->warm->pid != 0;

	*ret_launched = (struct launched){.pipes = pipe_ends_none()};
	supervisor->failure->failed = false;
	if (has_warm) {
		int result = sandbox_write_files(supervisor->uid, plan->files, plan->files_count,
						 err);

		if (result < 0)
			return result;
		if (launch_warm(plan, ret_launched) == 0)
			return 0;
		warm_process_end(plan->warm);
		*ret_launched = (struct launched){.pipes = pipe_ends_none()};
	}
	return launch_cold(supervisor, plan, has_warm, ret_launched, err);
}
