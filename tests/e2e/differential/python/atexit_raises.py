import atexit


@atexit.register
def first():
    print("still runs")


@atexit.register
def broken():
    raise ValueError("in atexit")


print("main", atexit._ncallbacks())
