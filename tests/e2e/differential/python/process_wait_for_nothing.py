import os
import signal

print(os.waitid.__name__)
for call in (lambda: os.wait(), lambda: os.waitpid(-1, os.WNOHANG)):
    try:
        print(call())
    except ChildProcessError as error:
        print(error)
signal.signal(signal.SIGCHLD, lambda *_: print("child ended"))
if os.fork() == 0:
    os._exit(0)
os.wait()
