import imp
import asynchat

print(imp.__name__, asynchat.__name__)
