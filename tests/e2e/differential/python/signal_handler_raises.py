import signal


def handler(number, frame):
    raise RuntimeError("from the handler")


signal.signal(signal.SIGUSR1, handler)
signal.raise_signal(signal.SIGUSR1)
