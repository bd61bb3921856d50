import subprocess
import sys

print(subprocess.check_output(["/usr/bin/env"], text=True))
print(subprocess.check_output([sys.executable, "-c", "import os; print(os.environ)"], text=True))
