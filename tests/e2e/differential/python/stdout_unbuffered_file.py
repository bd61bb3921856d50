import sys

with open(1, "wb", buffering=0, closefd=False) as raw:
    print("later")
    raw.write(b"earlier\n")
with open("/dev/stdout", "w") as again:
    again.write("by name\n")
print("last", file=sys.stderr)
