import sys

del sys.modules["os"]
import os

print(os is sys.modules["os"])
sys.modules.pop("re", None)
import re

re.custom = 1
import re as second

print(second.custom)
