import __main__
import sys

VALUE = 3
print(__main__.VALUE, sys.modules["__main__"] is __main__)
from helper import show

show()
