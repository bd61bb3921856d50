import sys

print("abc" is sys.intern("abc"), 256 is int("256"), 257 is int("257"), "" is str(b"", "ascii"))
print(() is tuple([]), (lambda: None).__code__.co_consts, type(None)() is None)
print(sys.getrefcount(object()), sys.getsizeof([]), sys.getsizeof({}), sys.getsizeof("ü"))
