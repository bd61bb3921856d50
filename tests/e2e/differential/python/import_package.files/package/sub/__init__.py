from .. import __name__ as parent

print("sub of", parent)
