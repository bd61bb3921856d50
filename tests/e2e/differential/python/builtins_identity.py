import builtins

print(open is builtins.open, print is builtins.print, __builtins__ is builtins)
print(builtins.__dict__["__build_class__"], builtins.__debug__, builtins.__spec__)
print("_" in vars(builtins), id(None) == id(builtins.None_ if hasattr(builtins, "None_") else None))
