import sys
import threading
import time


def work():
    time.sleep(0.02)
    print("thread done")


threading.Thread(target=work).start()
print("main ends with 3")
sys.exit(3)
