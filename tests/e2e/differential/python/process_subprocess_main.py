import subprocess
import sys

if len(sys.argv) > 1:
    print("again", sys.argv, __file__)
    sys.exit(11)
done = subprocess.run([sys.executable, __file__, "second"])
print("ended with", done.returncode)
