# The child kills the job's first process: that is how the job ended.
import os
import signal
import time

parent = os.getpid()
if os.fork() == 0:
    os.kill(parent, signal.SIGKILL)
    time.sleep(60)
time.sleep(60)
