import os
import py_compile
import sys

print(py_compile.compile("helper.py"))
print(os.listdir("__pycache__"))
sys.dont_write_bytecode = False
import helper
import second

print(sorted(os.listdir("__pycache__")), helper.VALUE)
