import collections
import functools
import json
import random
import re
import sys


class Watcher:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        sys.stdout.write(f"module {self.name} is torn down\n")


for module in (json, re, random, collections, functools):
    module.watcher = Watcher(module.__name__)
