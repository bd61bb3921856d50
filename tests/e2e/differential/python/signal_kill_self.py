import os
import signal

endings = {}
for number in sorted(signal.valid_signals()):
    child = os.fork()
    if child == 0:
        try:
            os.kill(os.getpid(), number)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        endings[int(number)] = "stopped"
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    else:
        endings[int(number)] = os.waitstatus_to_exitcode(status)
print(endings)
