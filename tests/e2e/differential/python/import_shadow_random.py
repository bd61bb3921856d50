import random

print(random.random())
import tempfile
