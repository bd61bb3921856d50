# Blocks for ever where the reader waits for one stream while the other is full.
import os

for _ in range(8):
    os.write(2, b"e" * 100_000)
os.write(1, b"o" * 100_000)
