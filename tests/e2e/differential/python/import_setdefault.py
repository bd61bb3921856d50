import sys
import types

fake = types.ModuleType("heapq")
fake.heappush = "mine"
sys.modules["heapq"] = fake
import heapq
from heapq import heappush

print(heapq is fake, heappush)
sys.modules.setdefault("json", fake)
import json

print(json is fake)
print("random" in sys.modules, sys.modules.pop("random", "absent"))
