import sys

skipped = {"modules", "path_importer_cache"}
print(sorted(name for name in dir(sys)))
for name in sorted(vars(sys)):
    value = getattr(sys, name)
    if isinstance(value, (int, str, float, tuple)) and not callable(value):
        print(name, repr(value))
