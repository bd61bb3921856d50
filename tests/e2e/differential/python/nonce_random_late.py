from random import _inst, random

print("nonce bound", random())
print("nonce instance", _inst.random())
