import json

print(json.WHO, json.__file__, json.__name__)
