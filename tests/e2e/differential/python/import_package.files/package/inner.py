from .sub import deep

NAME = __name__ + " " + deep.NAME
