import sys
import zipfile

with zipfile.ZipFile("library.zip", "w") as archive:
    archive.writestr("inside.py", "NAME = __file__\n")
sys.path.append("library.zip")
import inside

print(inside.NAME, type(inside.__loader__).__name__)
