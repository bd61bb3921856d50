import sys

print([argument.encode("utf-8", "surrogateescape") for argument in sys.argv[1:]])
with open("/proc/self/cmdline", "rb") as file:
    print(file.read())
