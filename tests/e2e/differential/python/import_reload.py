import importlib
import sys

import string

string.digits = "changed"
print(string.digits)
print(importlib.reload(string) is string, string.digits)
import mine

mine.value = 5
print(importlib.reload(mine).value)
print(importlib.import_module("json.decoder").JSONDecoder.__name__)
