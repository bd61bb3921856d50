import os
import sys

if len(sys.argv) == 1:
    print("first", flush=True)
    os.execv(sys.executable, [sys.executable, "-B", "main.py", "again"])
print(sys.argv, sys.orig_argv, sys.flags.dont_write_bytecode)
