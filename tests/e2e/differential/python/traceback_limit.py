import sys

sys.tracebacklimit = 1


def one():
    two()


def two():
    raise ValueError("deep")


one()
