import sys

for name, module in list(sys.modules.items()):
    print(name, getattr(module, "__name__", None), getattr(module, "__file__", None),
          type(getattr(module, "__spec__", None)).__name__)
