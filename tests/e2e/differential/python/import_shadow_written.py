import importlib
import sys

with open("heapq.py", "w") as file:
    file.write("WHO = 'written by the program'\n")
import heapq

print(heapq.WHO if hasattr(heapq, "WHO") else heapq.__file__)
with open("fresh_module.py", "w") as file:
    file.write("WHO = 'fresh'\n")
importlib.invalidate_caches()
import fresh_module

print(fresh_module.WHO)
