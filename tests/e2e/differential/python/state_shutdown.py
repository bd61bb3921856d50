import atexit
import os
import threading
import weakref


class Last:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("deleted", self.name, os is None, "os" in globals())


kept = Last("global")
holder = [Last("in a list")]
holder.append(holder)
import helper

helper.kept = Last("in a module")
weakref.finalize(helper, print, "helper is gone")
atexit.register(print, "atexit")
threading._register_atexit(print, "threading atexit")
print("end of main")
