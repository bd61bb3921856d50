"""What every program does, so that the pages which that needs are known."""


def greet(name):
    return f"Hello, {name}!"


print(greet("World"), len([n * n for n in range(10)]))
