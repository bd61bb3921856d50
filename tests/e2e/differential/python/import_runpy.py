import runpy
import sys

result = runpy.run_path("other.py", run_name="given")
print(sorted(name for name in result if not name.startswith("__")), result["__name__"])
print(runpy.run_module("other")["here"])
print(sys.argv)
