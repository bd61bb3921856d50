import sys

print(__name__, __file__, __doc__, __package__, __spec__, __loader__.__class__)
print(sorted(globals()))
print(__builtins__, __annotations__ if "__annotations__" in globals() else "no annotations")
print(sys.modules["__main__"].__dict__ is globals())
print(type(__loader__).__module__, __loader__.name, __loader__.path)
if __name__ == "__main__":
    print("main")
