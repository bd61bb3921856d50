import os
import sys

import helper

print(helper.__cached__, helper.__spec__.cached, sorted(os.listdir(".")), sys.dont_write_bytecode)
