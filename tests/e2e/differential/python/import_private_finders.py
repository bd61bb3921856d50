import importlib.machinery
import sys

print(sorted(vars(importlib.machinery.PathFinder)), sorted(vars(importlib.machinery.FileFinder)))
print(importlib.machinery.PathFinder.find_spec("json").origin, sys.modules.get("json"))
print(importlib._bootstrap._module_locks, importlib._bootstrap._blocking_on)
print(importlib._bootstrap._find_and_load.__code__.co_filename)
