import sys

before = dict(sys.modules)
sys.modules.clear()
sys.modules.update({name: before[name] for name in ("sys", "builtins")})
try:
    import json

    print("json again", json.dumps([1]))
except Exception as error:
    print(type(error).__name__, error)
