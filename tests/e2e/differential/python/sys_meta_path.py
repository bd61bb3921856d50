import sys

print(sys.meta_path)
print([hook if isinstance(hook, type) else hook.__qualname__ for hook in sys.path_hooks])
print(sorted(sys.path_importer_cache))
print([type(finder).__name__ for finder in sys.path_importer_cache.values()])
