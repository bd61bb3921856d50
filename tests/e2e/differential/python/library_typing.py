import functools
import operator
import typing
from typing import Generic, NamedTuple, Optional, Protocol, TypedDict, TypeVar

T = TypeVar("T")


class Box(Generic[T]):
    pass


class P(NamedTuple):
    x: int = 0


class D(TypedDict, total=False):
    key: Optional[str]


print(Box[int], P(3), D(key="a"), list[int] | None, typing.get_type_hints(D), Box.__mro__)


@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(90), fib.cache_info(), functools.reduce(operator.mul, range(1, 10)))
print(functools.singledispatch(lambda x: x)(3), functools.partial(pow, 2)(5))
