print("the program's keyword")


def iskeyword(word):
    return False
