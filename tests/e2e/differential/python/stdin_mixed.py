import sys

print(repr(input()))
print(repr(sys.stdin.readline()))
print(repr(sys.stdin.buffer.read(4)))
print(repr(sys.stdin.read(3)), repr(sys.stdin.read()))
