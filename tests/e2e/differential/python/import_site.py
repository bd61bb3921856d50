import site
import sys

print(site.ENABLE_USER_SITE, site.USER_SITE, site.USER_BASE, site.PREFIXES)
print(site.getsitepackages(), site.getusersitepackages())
print("sitecustomize" in sys.modules, "usercustomize" in sys.modules)
