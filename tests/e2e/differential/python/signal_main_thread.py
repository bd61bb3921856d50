import signal
import threading
import time


def handler(number, frame):
    print(threading.current_thread() is threading.main_thread())


signal.signal(signal.SIGUSR1, handler)
threading.Thread(target=lambda: signal.pthread_kill(threading.main_thread().ident,
                                                    signal.SIGUSR1)).start()
time.sleep(0.05)
try:
    thread = threading.Thread(target=lambda: signal.signal(signal.SIGUSR2, handler))
    thread.start()
    thread.join()
finally:
    print("end")
