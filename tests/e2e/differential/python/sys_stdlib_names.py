import sys

print(sorted(sys.stdlib_module_names))
print(sys.builtin_module_names)
