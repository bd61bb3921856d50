import sys

sys.setrecursionlimit(1 << 30)


def deeper(depth):
    room = bytes([depth % 255 + 1]) * 65536
    return [deeper(depth + 1) for _ in range(1)] + [room]


deeper(0)
