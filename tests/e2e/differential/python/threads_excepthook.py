import threading


def hook(arguments):
    print("hook", arguments.exc_type.__name__, arguments.exc_value, arguments.thread.name)


threading.excepthook = hook
thread = threading.Thread(target=lambda: [][0], name="T")
thread.start()
thread.join()
print(threading.excepthook is threading.__excepthook__)
