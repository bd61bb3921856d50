import random

print(random._inst.gauss_next, random.getstate()[2], random.getstate()[1][-1])
