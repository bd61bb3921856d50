import subprocess
import sys

code = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
print(subprocess.run([sys.executable, "-c", code]).returncode)
