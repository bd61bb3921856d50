import sys


class Late:
    def __del__(self):
        print("late", sys is not None and sys.is_finalizing())


late = Late()
