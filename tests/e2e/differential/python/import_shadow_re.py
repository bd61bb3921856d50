import re

print(re.__file__)
import string
print(re.WHO)
