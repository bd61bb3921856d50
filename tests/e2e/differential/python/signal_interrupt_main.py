import _thread
import threading
import time

try:
    thread = threading.Thread(target=_thread.interrupt_main)
    thread.start()
    time.sleep(5)
    print("not reached")
except KeyboardInterrupt:
    print("interrupted")
