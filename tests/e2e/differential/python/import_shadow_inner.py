import random

print(random.randint.__name__, random.__file__)
