#include "agent/pipes.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fsuid.h>
#include <unistd.h>

static void close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void pipe_ends_close(struct pipe_ends *ends)
{
	if (ends->error_fd == ends->output_fd)
		ends->error_fd = -1;
	close_end(&ends->input_fd);
	close_end(&ends->output_fd);
	close_end(&ends->error_fd);
}

static int open_pipe(int *ret_read_fd, int *ret_write_fd)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	*ret_read_fd = fds[0];
	*ret_write_fd = fds[1];
	return 0;
}

static int open_all(bool merged, struct pipe_ends *agent, struct pipe_ends *job)
{
	int result = open_pipe(&job->input_fd, &agent->input_fd);

	if (result == 0)
		result = open_pipe(&agent->output_fd, &job->output_fd);
	if (result == 0 && !merged)
		result = open_pipe(&agent->error_fd, &job->error_fd);
	if (result == 0 && merged)
		job->error_fd = job->output_fd;
	if (result == 0)
		result = io_set_nonblocking(agent->input_fd);
	if (result == 0)
		result = io_set_nonblocking(agent->output_fd);
	if (result == 0 && !merged)
		result = io_set_nonblocking(agent->error_fd);
	return result;
}

int pipes_open(uid_t owner, bool merged, struct pipe_ends *ret_agent, struct pipe_ends *ret_job,
	       struct err *err)
{
	struct pipe_ends agent = pipe_ends_none(), job = pipe_ends_none();
	int result;

	(void)setfsuid(owner);
	result = open_all(merged, &agent, &job);
	(void)setfsuid(0);
	if (result < 0) {
		pipe_ends_close(&agent);
		pipe_ends_close(&job);
		return err_set(err, result, "pipes of a job: %s", strerror(-result));
	}
	*ret_agent = agent;
	*ret_job = job;
	return 0;
}
