import sys
import threading


def work():
    threading.main_thread().join()
    print("thread done")


threading.Thread(target=work).start()
print("main ends with 3")
sys.exit(3)
