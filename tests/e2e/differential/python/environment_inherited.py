import os

for number in range(3, 64):
    try:
        print(number, os.fstat(number))
    except OSError:
        pass
with open("main.py") as file:
    print(file.fileno())
