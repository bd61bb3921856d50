import sys

print(__name__, sys.path[0], sorted(__import__("os").listdir(".")))
import package

print(package.__name__)
