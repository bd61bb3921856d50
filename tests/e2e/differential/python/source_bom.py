print("a byte order mark", __file__)
print("ü")
