import os

pid = os.posix_spawn("/bin/sh", ["sh", "-c", "echo spawned; exit 6"], os.environ)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
pid, status = os.waitpid(os.spawnlp(os.P_NOWAIT, "true", "true"), 0)
print(status, os.get_terminal_size.__name__)
try:
    os.waitpid(-1, 0)
except ChildProcessError as error:
    print(error)
