text = """one
two"""
print(repr(text))
if True:
    print("crlf")
raise ValueError("x")
