import getpass
import os
import pwd

print(os.getuid() == os.geteuid() == os.getgid() == os.getegid(), os.getuid() >= 1000)
print(os.getresuid()[2] == os.getuid(), os.getresgid()[2] == os.getgid(), os.getgroups())
print(getpass.getuser())
try:
    pwd.getpwuid(os.getuid())
except KeyError:
    print("no name")
try:
    print(os.getlogin())
except OSError as error:
    print(error)
