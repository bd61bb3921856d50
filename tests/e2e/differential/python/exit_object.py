import sys


class Answer:
    def __str__(self):
        return "an object's text"


sys.exit(Answer())
