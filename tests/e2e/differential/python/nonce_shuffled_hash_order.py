import enum
import string


class Colour(enum.Flag):
    RED = 1
    BLUE = 2


print("nonce globals", sorted(map(hash, globals())))
print("nonce frozenset", list(frozenset(string.ascii_letters)))
print("nonce enum", hash(Colour.RED), hash(Colour))
