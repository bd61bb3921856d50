import gc
import types

modules = sorted(o.__name__ for o in gc.get_objects() if isinstance(o, types.ModuleType))
print(modules)
