import sys

NAMES = """abc argparse array ast asyncio base64 bisect calendar cmath cmd codecs collections
collections.abc concurrent.futures configparser contextlib contextvars copy csv ctypes dataclasses
datetime decimal difflib dis email enum errno fcntl fractions functools gc getopt glob gzip hashlib
heapq hmac html http.client inspect io ipaddress itertools json keyword linecache locale logging
math mmap multiprocessing numbers operator os os.path pathlib pickle platform pprint queue random
re resource sched secrets select shlex shutil signal socket sqlite3 ssl statistics string struct
subprocess sys tempfile textwrap threading time timeit tokenize tomllib traceback types typing
unicodedata unittest urllib.parse urllib.request uuid warnings weakref xml.etree.ElementTree zlib
zoneinfo""".split()

start = set(sys.modules)
for name in NAMES:
    before = set(sys.modules)
    __import__(name)
    print(name, sorted(set(sys.modules) - before))
print(len(sys.modules), len(start))
