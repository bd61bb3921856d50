import os
import stat

for number in range(3):
    mode = os.fstat(number).st_mode
    flags = __import__("fcntl").fcntl(number, 3)
    print(number, stat.S_ISFIFO(mode), oct(stat.S_IMODE(mode)), flags & os.O_ACCMODE,
          bool(flags & os.O_NONBLOCK), bool(flags & os.O_APPEND), os.get_inheritable(number),
          os.fstat(number).st_uid == os.getuid(), os.fstat(number).st_blksize)
