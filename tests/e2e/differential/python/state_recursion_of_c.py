value = []
for _ in range(100000):
    value = [value]
try:
    repr(value)
except RecursionError as error:
    print(error)
try:
    compile("-" * 100000 + "1", "<text>", "eval")
except (RecursionError, MemoryError, SyntaxError) as error:
    print(type(error).__name__)
