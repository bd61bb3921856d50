import base64
import bisect
import collections
import csv
import dataclasses
import datetime
import enum
import fractions
import hashlib
import heapq
import io
import itertools
import json
import math
import statistics
import string
import struct
import textwrap
import zlib


@dataclasses.dataclass(order=True)
class Item:
    weight: int
    name: str = "x"


class Colour(enum.Enum):
    RED = 1
    BLUE = enum.auto()


print(Item(2), sorted([Item(3), Item(1, "b")]), list(Colour), Colour(2))
print(json.dumps({"ü": [1, 2.5, None]}, indent=1), json.loads('{"a": 1e3}'))
print(collections.Counter("mississippi").most_common(2), collections.OrderedDict(a=1))
print(datetime.date(2024, 2, 29) + datetime.timedelta(days=365), datetime.timedelta(hours=30))
print(fractions.Fraction(3, 6), statistics.stdev([1, 2, 4]), math.comb(10, 3), math.tau)
print(heapq.nsmallest(2, [3, 1, 2]), bisect.bisect([1, 2, 3], 2), list(itertools.permutations("ab")))
print(hashlib.md5(b"x").hexdigest(), base64.b85encode(b"kiln"), zlib.crc32(b"kiln"))
print(struct.pack("<IH", 1, 2), list(csv.reader(io.StringIO("a,\"b,c\"\n"))))
print(textwrap.wrap("some words to wrap", 8), string.Template("$a").substitute(a=1))
