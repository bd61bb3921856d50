import os
import sys

sys.stdout.reconfigure(line_buffering=True, encoding="latin-1", errors="replace", newline="\r\n")
print("é €")
os.write(1, b"after\n")
print(sys.stdout)
