import os
import signal


def handler(number, frame):
    print("handler", signal.Signals(number).name, frame.f_code.co_name)


for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM, signal.SIGHUP):
    print(signal.signal(number, handler))
    os.kill(os.getpid(), number)
