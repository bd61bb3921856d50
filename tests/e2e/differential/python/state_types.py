import abc
import collections.abc
import typing

print(len(object.__subclasses__()) > 50, "Random" in [c.__name__ for c in object.__subclasses__()])
print(sorted(c.__name__ for c in BaseException.__subclasses__()))
print(sorted(c.__name__ for c in Exception.__subclasses__()))
print(typing.get_type_hints(lambda: 0), abc.ABC.__subclasses__()[:1])
