import sys

values = [1]
try:
    values.apend(1)
except AttributeError as error:
    print(error.name, error.obj)
print(valeus)
