for name in ("json", "re", "random", "math", "collections", "typing", "datetime", "threading",
             "functools", "itertools"):
    try:
        eval(name)
        print(name, "is there")
    except NameError as error:
        print(error)
print(sorted(globals()))
