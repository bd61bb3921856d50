import signal
import threading


def handler(number, frame):
    print("in the main thread:", threading.current_thread() is threading.main_thread())


signal.signal(signal.SIGUSR1, handler)
thread = threading.Thread(target=lambda: signal.pthread_kill(threading.main_thread().ident,
                                                             signal.SIGUSR1))
thread.start()
thread.join()
thread = threading.Thread(target=lambda: signal.signal(signal.SIGUSR2, handler))
thread.start()
thread.join()
print("end")
