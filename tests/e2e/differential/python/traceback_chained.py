def load():
    try:
        {}["missing"]
    except KeyError as error:
        raise ValueError("cannot load") from error


try:
    load()
except ValueError:
    raise RuntimeError("while handling")
