import sys

for number in range(20000):
    print(number, "x" * 10)
sys.stderr.write("y" * 100000)
