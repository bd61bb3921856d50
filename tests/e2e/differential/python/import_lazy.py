import importlib.util
import sys

spec = importlib.util.find_spec("string")
spec.loader = importlib.util.LazyLoader(spec.loader)
module = importlib.util.module_from_spec(spec)
sys.modules["string"] = module
spec.loader.exec_module(module)
print(type(module).__name__)
print(module.digits, type(module).__name__)
