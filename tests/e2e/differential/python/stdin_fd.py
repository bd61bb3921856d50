import os
import sys

print(os.read(0, 5))
print(sys.stdin.read())
with open("/dev/stdin") as again:
    print(repr(again.read()))
