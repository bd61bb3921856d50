import sys

seen = []


def tracer(frame, event, argument):
    seen.append((event, frame.f_code.co_name, frame.f_lineno))
    return tracer


def work():
    x = 1
    return x


sys.settrace(tracer)
work()
sys.settrace(None)
print(seen)
sys.setprofile(lambda frame, event, argument: seen.append(event))
len([])
sys.setprofile(None)
print(seen[-4:])
