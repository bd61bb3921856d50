import atexit
import sys

atexit.register(lambda: print("at exit", hasattr(sys, "last_value"), sys.exc_info()))
raise KeyError("gone")
