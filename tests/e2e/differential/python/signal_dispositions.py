import signal

for number in sorted(signal.valid_signals()):
    handler = signal.getsignal(number)
    print(int(number), handler if isinstance(handler, int) else getattr(handler, "__name__", handler))
