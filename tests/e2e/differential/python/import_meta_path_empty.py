import sys

sys.meta_path.clear()
try:
    import json
except ImportError as error:
    print(error)
