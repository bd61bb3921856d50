print("fine")
print("\udc80 cannot be encoded")
