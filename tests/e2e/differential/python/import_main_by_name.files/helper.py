import __main__


def show():
    print(__main__.VALUE, __main__.__file__, __name__, __file__)
