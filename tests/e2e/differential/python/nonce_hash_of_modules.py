import re
import string
import typing

print("nonce name", hash(string.ascii_letters))
print("nonce pattern", hash(re.compile("x+")))
print("nonce frozen", hash(frozenset(["a", "b", "c"])))
print("nonce order", list(set(dir(typing))))
