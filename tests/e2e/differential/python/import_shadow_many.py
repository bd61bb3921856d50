import collections
import copy
import enum
import functools
import math
import string
import threading
import typing

for module in (copy, collections, enum, functools, math, string, threading, typing):
    print(module.__name__, module.__file__ if hasattr(module, "__file__") else None)
