import re

print(len(re._cache), re._MAXCACHE, len(re.__dict__) > 10)
re.compile("x")
print(len(re._cache))
