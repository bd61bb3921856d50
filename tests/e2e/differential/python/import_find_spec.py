import importlib.util

for name in ("json", "json.decoder", "math", "sys", "zipimport", "nothing", "random", "_json",
             "asyncio", "os.path", "mine", "folder", "__main__"):
    try:
        print(name, importlib.util.find_spec(name))
    except (ImportError, ValueError) as error:
        print(name, repr(error))
