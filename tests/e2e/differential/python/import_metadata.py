import importlib.metadata
import importlib.resources

print(list(importlib.metadata.distributions()))
try:
    print(importlib.metadata.version("pip"))
except importlib.metadata.PackageNotFoundError as error:
    print(repr(error))
print(importlib.resources.files("json").joinpath("tool.py").is_file())
