def f():
    return x
    global x


f()
