import sys

suspicious = [name for name in sys.modules if "kiln" in name.lower() or "warm" in name.lower()]
print(suspicious, [key for key in vars(sys) if "kiln" in key.lower()], sys.meta_path[0].__name__)
print(type(sys.modules), type(sys.modules["builtins"].__import__), type(sys.meta_path), type(sys.path))
print(sys.modules.__class__.__setitem__ is dict.__setitem__, sys.path_hooks[0].__module__)
print(__import__.__self__, __import__.__qualname__)
