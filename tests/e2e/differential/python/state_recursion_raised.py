import sys

sys.setrecursionlimit(100000)


def depth(n):
    return n if n == 20000 else depth(n + 1)


print(depth(0))
