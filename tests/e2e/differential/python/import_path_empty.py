import sys

sys.path.clear()
for name in ("json", "random", "math", "_json", "collections"):
    try:
        print(__import__(name))
    except ImportError as error:
        print(error)
