import faulthandler
import sys


def show():
    faulthandler.dump_traceback(file=sys.stderr, all_threads=False)


show()
