import weakref


class Thing:
    pass


thing = Thing()
reference = weakref.ref(thing, lambda _: print("gone"))
weakref.finalize(thing, print, "finalized")
print(reference() is thing, weakref.getweakrefcount(thing))
del thing
print(reference())
kept = Thing()
weakref.finalize(kept, print, "at exit")
