import os
import signal

for name in ("SIGFPE", "SIGBUS", "SIGILL", "SIGTRAP", "SIGSYS", "SIGXCPU"):
    child = os.fork()
    if child == 0:
        signal.raise_signal(getattr(signal, name))
        os._exit(1)
    print(name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
