import sys

for name in ("json", "re", "random", "math", "collections", "typing", "datetime", "threading",
             "enum", "functools", "encodings", "warnings", "linecache", "tokenize"):
    print(name, name in sys.modules, sys.modules.get(name) is not None)
