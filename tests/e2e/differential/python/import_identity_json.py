import json
import sys

print(sys.modules["json"] is json, json.decoder is sys.modules["json.decoder"])
print(sorted(vars(json)))
print(json.__file__, json.__path__, json.__package__)
