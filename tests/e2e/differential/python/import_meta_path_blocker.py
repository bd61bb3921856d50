import sys


class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name in ("json", "random", "math"):
            raise ImportError(f"{name} is blocked")


sys.meta_path.insert(0, Blocker())
for name in ("json", "random", "math", "string"):
    try:
        print(__import__(name).__name__)
    except ImportError as error:
        print(error)
