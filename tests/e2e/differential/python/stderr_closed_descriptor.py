import os

os.close(2)
print("stdout still works")
raise ValueError("lost")
