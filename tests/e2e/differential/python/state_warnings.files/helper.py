import warnings

warnings.warn("not in main", DeprecationWarning)
warnings.warn("import warning", ImportWarning)
warnings.warn("from a helper", UserWarning)
