import sys

main = sys.modules["__main__"]
print(main)
print({name: repr(value) for name, value in vars(main).items() if name != "main"})
print(hasattr(main, "__cached__"), main.__cached__ if hasattr(main, "__cached__") else "")
