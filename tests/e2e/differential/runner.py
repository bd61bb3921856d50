"""Runs programs cold, one after the other, as process 1 of a plain container of the worker image.

What Kiln promises of a program's surroundings is done here a second time, by hand and with fork and
exec alone: the same user, folder, files, limits, pipes and environment. So a program that sees a
difference between here and Kiln sees a defect of Kiln. Nothing here is taken from Kiln's source.

Reads one JSON object a line, writes one a line:
  {command, environment, files: {name: base64}, stdin: base64, seconds}
  {stdout: base64, stderr: base64, status}   status as os.waitstatus_to_exitcode(), null: too slow
"""
import base64
import ctypes
import json
import os
import resource
import selectors
import shutil
import signal
import sys
import time

USER = 19999
PLACES = ("/workspace", "/tmp", "/dev/shm")
MIB = 1024 * 1024
LIMITS = {
    resource.RLIMIT_CORE: (0, 0),
    resource.RLIMIT_FSIZE: (64 * MIB, 64 * MIB),
    resource.RLIMIT_NOFILE: (1024, 1024),
    resource.RLIMIT_STACK: (8 * MIB, 8 * MIB),
    resource.RLIMIT_NPROC: (128, 128),
    resource.RLIMIT_CPU: (12, 13),
    resource.RLIMIT_MEMLOCK: (65536, 65536),
}
PR_SET_NO_NEW_PRIVS = 38


def empty_places():
    for place in PLACES:
        for entry in os.scandir(place):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)


def write_files(files):
    for name, content in files.items():
        folder = os.path.dirname(name)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(name, "xb") as file:
            file.write(base64.b64decode(content))


def become_program(job, streams):
    """Never returns."""
    os.setsid()
    os.nice(19)  # so that the agent goes first
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
        score.write("1000")
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
    os.closerange(3, 1024)
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.umask(0o022)
    os.chdir("/workspace")
    write_files(job["files"])
    for name, limit in LIMITS.items():
        resource.setrlimit(name, limit)
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    os.execve(job["command"][0], job["command"], job["environment"])


def start(job, streams):
    """The process, with our copies of its standard streams closed."""
    pid = os.fork()
    if pid == 0:
        try:
            become_program(job, streams)
        finally:
            os._exit(127)
    for descriptor in streams:
        os.close(descriptor)
    return pid


def make_pipes():
    """Three that belong to the program's user: its ends, and ours, which do not block."""
    (stdin, input_fd), (output_fd, stdout), (error_fd, stderr) = pipes = [os.pipe()
                                                                          for _ in range(3)]
    for descriptor in (end for pipe in pipes for end in pipe):
        os.fchown(descriptor, USER, USER)
    for descriptor in (input_fd, output_fd, error_fd):
        os.set_blocking(descriptor, False)
    return (stdin, stdout, stderr), (input_fd, output_fd, error_fd)


def kill_and_reap():
    """Everything but this process, which is process 1."""
    while True:
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            os.wait()
        except ChildProcessError:
            return


class Run:
    """One program, from its start until its last byte was read."""

    def __init__(self, job):
        self.input = memoryview(base64.b64decode(job["stdin"]))
        self.deadline = time.monotonic() + job["seconds"]
        theirs, (self.input_fd, *outputs) = make_pipes()
        self.outputs = {descriptor: bytearray() for descriptor in outputs}
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.input_fd, selectors.EVENT_WRITE)
        for descriptor in outputs:
            self.selector.register(descriptor, selectors.EVENT_READ)
        self.feed()  # what fits is there before the program starts, the end too
        self.pid = start(job, theirs)

    def close(self, descriptor):
        self.selector.unregister(descriptor)
        os.close(descriptor)

    def feed(self):
        try:
            while self.input:
                self.input = self.input[os.write(self.input_fd, self.input):]
        except BlockingIOError:
            return
        except BrokenPipeError:
            pass
        self.close(self.input_fd)

    def read(self, descriptor):
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return
        self.outputs[descriptor] += data
        if not data:
            self.close(descriptor)

    def serve_pipes(self, patience):
        events = self.selector.select(patience)
        for key, _ in events:
            if key.fd == self.input_fd:
                self.feed()
            else:
                self.read(key.fd)
        return bool(events)

    def wait(self):
        """The exit status once the first process has ended, or None."""
        while time.monotonic() < self.deadline:
            self.serve_pipes(0.005)
            while True:
                try:
                    pid, status = os.waitpid(-1, os.WNOHANG)
                except ChildProcessError:
                    break
                if pid == self.pid:
                    return os.waitstatus_to_exitcode(status)
                if pid == 0:
                    break
        return None

    def finish(self):
        status = self.wait()
        kill_and_reap()
        while self.selector.get_map().keys() - {self.input_fd}:
            self.serve_pipes(None)
        for key in list(self.selector.get_map().values()):
            self.close(key.fd)
        self.selector.close()
        return [bytes(data) for data in self.outputs.values()], status


def main():
    for line in sys.stdin:
        (stdout, stderr), status = Run(json.loads(line)).finish()
        empty_places()
        print(json.dumps({"stdout": base64.b64encode(stdout).decode(),
                          "stderr": base64.b64encode(stderr).decode(),
                          "status": status}), flush=True)


if __name__ == "__main__":
    main()
