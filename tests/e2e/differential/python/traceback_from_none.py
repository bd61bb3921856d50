try:
    [][1]
except IndexError:
    raise LookupError("hidden cause") from None
