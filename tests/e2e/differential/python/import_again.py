import sys

import json
import random

first = json
del sys.modules["json"]
import json

print(first is json, first.dumps is json.dumps, first.JSONDecoder is json.JSONDecoder,
      hasattr(first, "decoder"), hasattr(json, "decoder"))
old = random
sys.modules.pop("random")
import random

print(old is random, old._inst is random._inst)
sys.modules["json"] = None
try:
    import json
except ImportError as error:
    print(error)
