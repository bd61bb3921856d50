import random

print("nonce random", random.random(), random.getrandbits(64))
print("nonce own", random.Random().random())
print("nonce system", random.SystemRandom().random())
print("nonce shuffle", random.sample(range(10 ** 9), 3))
