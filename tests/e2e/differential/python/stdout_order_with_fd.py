import os
import sys

print("first: buffered")
os.write(1, b"second: by descriptor\n")
sys.stdout.flush()
print("third")
os.write(1, b"fourth\n")
