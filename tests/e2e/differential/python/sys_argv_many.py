import sys

print(sys.argv)
print(sys.orig_argv)
print([len(argument) for argument in sys.argv])
