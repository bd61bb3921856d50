import sys


class Answer:
    def __str__(self):
        raise ValueError("no text")


sys.exit(Answer())
