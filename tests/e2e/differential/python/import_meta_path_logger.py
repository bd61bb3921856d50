import sys

asked = []


class Logger:
    @staticmethod
    def find_spec(name, path=None, target=None):
        asked.append((name, path is not None))


sys.meta_path.insert(0, Logger)
import json
import random
import collections
import dataclasses
import asyncio

print(asked)
