import resource

resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5))
files = []
try:
    while True:
        files.append(open("/dev/null"))
except OSError as error:
    print(len(files), error)
files.clear()
import random

print(random.Random(3).random())
