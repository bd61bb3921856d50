import atexit


def note(text):
    print(text)


atexit.register(note, "one")
atexit.register(note, "two")
atexit.unregister(note)
atexit.register(note, "three")
print(atexit._ncallbacks())
