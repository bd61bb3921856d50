import os

os.chdir("/tmp")
import beside

print(beside.WHO, os.listdir("."), __file__)
raise ValueError("after chdir")
