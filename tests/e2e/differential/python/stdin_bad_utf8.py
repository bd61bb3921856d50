import sys

print(sys.stdin.errors)
text = sys.stdin.readline()
print(ascii(text))
sys.stdout.write(text)
