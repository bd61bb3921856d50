import pkgutil
import sys

names = [module.name for module in pkgutil.iter_modules()]
print(len(names), names[:5], "main" in names, "beside" in names)
print([module.name for module in pkgutil.iter_modules(["/workspace"])])
