import inspect
import linecache


def function(a, b=2, *rest, c, **more):
    """A doc text."""
    return a + b  # a comment


class Thing:
    def method(self):
        return 1


print(inspect.getsource(function), inspect.getsource(Thing))
print(inspect.getfile(function), inspect.getsourcefile(Thing), inspect.getmodule(function))
print(inspect.signature(function), inspect.getsourcelines(Thing)[1])
print(linecache.getline("/workspace/main.py", 1), sorted(linecache.cache))
print([(frame.filename, frame.lineno, frame.function) for frame in inspect.stack()])
print(inspect.currentframe().f_back)
