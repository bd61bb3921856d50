import sys

here = __name__
print(__name__, __file__, sys.argv)
