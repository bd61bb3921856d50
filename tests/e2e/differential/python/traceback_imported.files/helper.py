VALUE = 7


def fail(text):
    int(text)
