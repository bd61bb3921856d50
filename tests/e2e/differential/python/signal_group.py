import os

print(os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid())
try:
    print(os.tcgetpgrp(0))
except OSError as error:
    print(error)
try:
    os.ctermid(), open("/dev/tty")
except OSError as error:
    print(error)
