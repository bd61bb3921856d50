import collections.abc

print(sorted(c.__name__ for c in collections.abc.Sequence.__subclasses__()))
print(isinstance([], collections.abc.Sequence), issubclass(dict, collections.abc.Mapping))
