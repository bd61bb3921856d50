try:
    data = bytearray(1 << 60)
except MemoryError as error:
    print("MemoryError", error)
try:
    [0] * (1 << 61)
except (MemoryError, OverflowError) as error:
    print(type(error).__name__)
bytearray(1 << 62)
