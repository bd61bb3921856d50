import subprocess
import sys

print("parent", flush=True)
subprocess.run([sys.executable, "-c", "print('child'); import sys; print(sys.stdin.read(3))"])
print("rest", repr(sys.stdin.read()))
