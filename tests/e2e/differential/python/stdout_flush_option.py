import os

os.dup2(1, 2)
print("a", end="")
print("b", flush=True)
os.write(2, b"c\n")
print("d")
