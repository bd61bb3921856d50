import collections

print(collections.namedtuple("P", "x y")(1, 2))
