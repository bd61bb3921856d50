import sys


def depth(n):
    try:
        return depth(n + 1)
    except RecursionError:
        return n


print(depth(0), sys.getrecursionlimit())
sys.setrecursionlimit(5000)
print(depth(0))
try:
    sys.setrecursionlimit(1)
    print(depth(0))
except RecursionError as error:
    sys.setrecursionlimit(1000)
    print(error)
