name = input("name? ")
age = int(input())
print(f"{name!r} {age}")
try:
    input("more? ")
except EOFError as error:
    print("EOF:", error)
