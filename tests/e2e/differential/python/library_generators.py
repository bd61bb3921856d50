import contextlib


@contextlib.contextmanager
def managed(name):
    print("enter", name)
    try:
        yield name
    finally:
        print("exit", name)


with contextlib.ExitStack() as stack:
    for name in "ab":
        stack.enter_context(managed(name))


def endless():
    try:
        while True:
            yield
    finally:
        print("closed at exit")


generator = endless()
next(generator)
print(contextlib.suppress, hasattr(generator, "gi_frame"))
match {"kind": "point", "at": [1, 2]}:
    case {"kind": "point", "at": [x, y]}:
        print(x, y)
