print("before")

print("after")
