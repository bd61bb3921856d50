import sys

for name in ("_random", "_json", "_struct", "_datetime", "_bisect", "_heapq", "_pickle", "_socket"):
    module = __import__(name)
    print(name, getattr(module, "__file__", None), module.__spec__, name in sys.modules)
