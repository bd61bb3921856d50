code = compile("a + b", "<given>", "eval")
print(eval(code, {"a": 1, "b": 2}), eval("__name__"), eval("[x for x in range(3)]"))
space = {}
exec("def f():\n    return __name__\nvalue = f", space)
try:
    print(space["f"]())
except NameError as error:
    print(error)
exec("y = 3")
print(y, "__builtins__" in space)
print(eval(input()))
