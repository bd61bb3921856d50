import atexit
import os


@atexit.register
def last():
    print("flushed by hand", flush=True)
    os._exit(17)


print("main")
