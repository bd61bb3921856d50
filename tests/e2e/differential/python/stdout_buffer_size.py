import os
import sys

os.dup2(1, 2)
sys.stdout.write("a" * 8191)
os.write(2, b"\n[8191]\n")
sys.stdout.write("b")
os.write(2, b"\n[8192]\n")
sys.stdout.write("c" * 9000)
os.write(2, b"\n[17192]\n")
