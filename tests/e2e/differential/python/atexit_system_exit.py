import atexit
import sys


@atexit.register
def last():
    sys.exit(8)


print("main")
