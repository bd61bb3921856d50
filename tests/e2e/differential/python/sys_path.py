import sys

print(sys.path)
print(sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, sys.platlibdir)
print(sys.pycache_prefix, sys.pythonpath if hasattr(sys, "pythonpath") else "")
