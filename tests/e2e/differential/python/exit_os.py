import os
import sys

print("lost: it is still in the buffer")
sys.stderr.write("kept\n")
os._exit(9)
