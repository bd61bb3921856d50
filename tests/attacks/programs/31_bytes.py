# Prints its standard input in the pieces that it is told, with a pause between them.
import os
import sys
import time

data = sys.stdin.buffer.read()
piece = int(sys.argv[1]) if len(sys.argv) > 1 else len(data)
for start in range(0, len(data), piece):
    os.write(1, data[start:start + piece])
    time.sleep(0.01 if len(sys.argv) > 1 else 0)
