import sys

import collections
import json
import os
import random
import re

for module in (json, os, re, random, collections, sys):
    print(module.__name__, sys.modules[module.__name__] is module, module.__spec__.name,
          module.__spec__.origin, getattr(module, "__cached__", None), module.__spec__.loader,
          module.__loader__ is module.__spec__.loader)
print(os.path is sys.modules["os.path"], sys.modules["posixpath"] is os.path)
