import warnings


def leak():
    open("main.py")


leak()
warnings.simplefilter("always")
leak()
print("end")
