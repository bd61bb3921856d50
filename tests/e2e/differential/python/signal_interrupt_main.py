import _thread
import threading
import time

threading.Thread(target=_thread.interrupt_main).start()
try:
    time.sleep(5)
    print("not reached")
except KeyboardInterrupt:
    print("interrupted")
