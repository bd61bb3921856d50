import os
import sys

name = os.fsdecode(b"caf\xe9")
print(ascii(name), sys.stdout.errors)
sys.stderr.write(name + "\n")
sys.stdout.reconfigure(errors="surrogateescape")
print(name)
