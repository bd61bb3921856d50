import builtins

original = builtins.len
builtins.len = lambda value: original(value) * 100
print(len([1, 2]))
builtins.print_twice = lambda text: (print(text), print(text))
print_twice("twice")
del builtins.len
try:
    len([])
except NameError as error:
    print(error)
