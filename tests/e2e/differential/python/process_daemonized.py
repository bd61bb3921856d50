import os
import time

if os.fork():
    print("parent ends")
else:
    os.setsid()
    if os.fork():
        os._exit(0)
    time.sleep(30)
    print("never seen")
