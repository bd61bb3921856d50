import atexit
import sys

for number in range(3):
    atexit.register(print, "at exit", number)
atexit.register(lambda: sys.stderr.write("last registered\n"))
print("end of main", atexit._ncallbacks())
