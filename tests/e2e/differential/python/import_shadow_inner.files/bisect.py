print("the program's bisect is imported by random")


def bisect(*arguments):
    return 0
