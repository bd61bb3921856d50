import copy
import pickle


class Point:
    def __init__(self, x):
        self.x = x

    def __reduce__(self):
        return Point, (self.x,)


data = pickle.dumps([Point(1), {"a": (1, 2.5)}, Exception("e")])
print(data)
print(pickle.loads(data)[0].x, type(pickle.loads(data)[0]) is Point, Point.__module__)
print(copy.deepcopy({"p": Point(3)})["p"].x)
try:
    pickle.dumps(lambda: 0)
except Exception as error:
    print(type(error).__name__)
