# Prints its standard input, which looks like what the agent sends, to both streams; then tries to
# write the same to what the agent's connection could be.
import os
import sys

data = sys.stdin.buffer.read()
sys.stdout.buffer.write(data)
sys.stdout.buffer.flush()
sys.stderr.buffer.write(data)
sys.stderr.buffer.flush()
for number in range(3, 10):
    try:
        os.write(number, data)
        print("wrote to", number)
    except OSError:
        pass
sys.exit(9)
