import sys

print(sys.excepthook, sys.excepthook is sys.__excepthook__)
print(sys.displayhook is sys.__displayhook__, sys.unraisablehook is sys.__unraisablehook__)
print(sys.breakpointhook is sys.__breakpointhook__)
print(sys.gettrace(), sys.getprofile(), sys.get_asyncgen_hooks())
print(sys.get_coroutine_origin_tracking_depth())
print(hasattr(sys, "ps1"), hasattr(sys, "last_type"), hasattr(sys, "tracebacklimit"))
print(sys.__interactivehook__.__qualname__ if hasattr(sys, "__interactivehook__") else None)
