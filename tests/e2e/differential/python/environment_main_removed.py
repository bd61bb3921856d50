import os

os.remove("main.py")
print(os.listdir("."))
raise ValueError("without a source")
