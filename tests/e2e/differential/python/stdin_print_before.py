import sys

print("asked")
line = sys.stdin.readline()
sys.stderr.write("err " + line)
print("got", line, end="")
