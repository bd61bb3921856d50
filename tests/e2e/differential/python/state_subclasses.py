print(sorted(c.__module__ + "." + c.__qualname__ for c in object.__subclasses__()))
print(sorted(c.__qualname__ for c in int.__subclasses__()),
      sorted(c.__qualname__ for c in dict.__subclasses__()),
      sorted(c.__qualname__ for c in tuple.__subclasses__()))
