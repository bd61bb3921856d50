import random

print("nonce random", random.random(), random.getrandbits(64))
