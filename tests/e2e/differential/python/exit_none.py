import sys

print("none")
sys.exit(None)
