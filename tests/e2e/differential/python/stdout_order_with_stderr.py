import os
import sys

os.dup2(1, 2)
print("one: stdout, buffered")
sys.stderr.write("two: stderr, by line\n")
print("three: stdout")
sys.stderr.write("four: stderr without a break")
sys.stdout.flush()
print("five")
