import random

random.seed(42)
print(random.random(), random.randint(1, 100), random.choice("abcdef"), random.gauss(0, 1))
print(random.sample(range(100), 5), random.choices("xyz", k=5))
values = list(range(10))
random.shuffle(values)
print(values)
print(random.Random("text").random(), random.Random(2.5).random(), random.Random(b"b").random())
random.seed(7, version=1)
print(random.getrandbits(100), random.getstate()[0])
