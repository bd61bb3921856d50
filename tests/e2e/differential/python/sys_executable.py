import sys

print(sys.executable, sys._base_executable, sys._home if hasattr(sys, "_home") else None)
print(sys.version, sys.version_info, sys.hexversion, sys.implementation)
