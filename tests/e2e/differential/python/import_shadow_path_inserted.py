import os
import sys

os.mkdir("/tmp/modules")
with open("/tmp/modules/fractions.py", "w") as file:
    file.write("WHO = 'from /tmp'\n")
sys.path.insert(0, "/tmp/modules")
import fractions

print(fractions.WHO)
