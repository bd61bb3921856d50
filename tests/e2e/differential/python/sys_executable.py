import os
import sys

print(sys.executable, sys._base_executable, sys._home if hasattr(sys, "_home") else None)
print(os.readlink("/proc/self/exe"))
print(sys.version, sys.version_info, sys.hexversion, sys.implementation)
