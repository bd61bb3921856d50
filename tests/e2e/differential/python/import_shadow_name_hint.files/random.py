import random

value = random.randint(1, 2)
