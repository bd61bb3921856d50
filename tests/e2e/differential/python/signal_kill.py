import os
import signal

print("before", flush=True)
print("lost")
os.kill(os.getpid(), signal.SIGKILL)
