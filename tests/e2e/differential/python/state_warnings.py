import warnings

print(warnings.filters)
print(warnings.defaultaction, warnings.onceregistry)
warnings.warn("a user warning")
warnings.warn("deprecated in main", DeprecationWarning)
warnings.warn("pending", PendingDeprecationWarning)
for _ in range(3):
    warnings.warn("only once", RuntimeWarning)
import helper
