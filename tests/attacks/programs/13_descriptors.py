import os

for number in range(3, 4096):
    try:
        where = os.readlink(f"/proc/self/fd/{number}")
    except FileNotFoundError:
        continue
    print(number, where)
print("looked")
