import builtins

asked = []
original = builtins.__import__


def logging_import(name, globals=None, locals=None, fromlist=(), level=0):
    asked.append((name, fromlist, level, globals["__name__"] if globals else None))
    return original(name, globals, locals, fromlist, level)


builtins.__import__ = logging_import
import json
import random
from collections import OrderedDict
from xml.etree import ElementTree

print(asked)
