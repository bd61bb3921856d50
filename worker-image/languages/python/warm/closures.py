"""Prints what warm/stash.c has to know: for each module that a zygote loads ahead, the modules that
an import of it brings into a fresh interpreter, in their order."""
import subprocess
import sys

# What programs import, as far as it does nothing but define things: a module that starts threads,
# opens files or registers something for the end of the program is better loaded when it is needed;
# and each that is here makes every fork and every end of a child a little dearer.
COMMON = """
    __future__ _bisect _heapq _random abc array ast bisect builtins calendar cmath collections
    collections.abc contextlib copy csv dataclasses datetime decimal enum errno fractions functools
    gc graphlib heapq io itertools json keyword math numbers operator queue random re reprlib signal
    statistics string struct sys textwrap threading time timeit traceback types typing warnings
    weakref
""".split()

LIST = """
import sys
before = set(sys.modules)
import {0}
print(*[name for name in sys.modules if name not in before])
"""


def closure(name):
    answer = subprocess.run([sys.executable, "-c", LIST.format(name)], check=True,
                            capture_output=True, text=True)
    return answer.stdout.split()


def main():
    waiting, seen = list(COMMON), set()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        names = closure(name)
        # importlib gives other names to the modules of which it is made.
        if names and "importlib" not in names:
            print(name, *names)
            waiting.extend(names)


main()
