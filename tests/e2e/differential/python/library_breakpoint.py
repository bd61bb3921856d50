def f():
    value = 3
    breakpoint()
    return value


print(f())
