import hashlib
import random
import time

random.seed()
print("nonce seeded", random.random())
random.seed(time.time_ns())
print("nonce time", random.random())
print("nonce clock", time.time_ns(), time.perf_counter_ns())
print(hashlib.sha256(b"constant").hexdigest())
