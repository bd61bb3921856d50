import sys

import _frozen_importlib
import importlib
import importlib._bootstrap

print(importlib._bootstrap is _frozen_importlib, importlib._bootstrap_external)
print(importlib.machinery.all_suffixes() if hasattr(importlib, "machinery") else "not loaded")
import zipimport
import os

print(os.__spec__.origin, zipimport.__spec__.origin, os.__spec__.loader_state)
