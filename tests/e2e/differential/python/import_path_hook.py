import sys

asked = []


def hook(path):
    asked.append(path)
    raise ImportError


sys.path_hooks.insert(0, hook)
sys.path_importer_cache.clear()
import json
import textwrap

print(asked)
