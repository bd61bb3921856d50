import builtins

print(dir(builtins))
for name in ("quit", "exit", "copyright", "credits", "license", "help"):
    print(name, repr(getattr(builtins, name)), type(getattr(builtins, name)).__module__)
