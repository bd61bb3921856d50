from package import inner
from package.sub import deep
import package.sub.deep as again

print(inner.NAME, deep.NAME, again is deep, package.__path__ if "package" in globals() else "")
try:
    from . import sibling
except ImportError as error:
    print(error)
