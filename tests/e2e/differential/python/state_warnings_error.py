import warnings

warnings.simplefilter("error")
try:
    warnings.warn("becomes an error")
except UserWarning as error:
    print(repr(error))
compile("'\\d'", "<text>", "eval")
