# Marks on its own files and on the folders that the next job gets: flags, extended attributes,
# rights, times. Tells which marks it put on what is not its own.
import array
import fcntl
import os

FS_IOC_SETFLAGS = 0x40086602
IMMUTABLE, APPEND = 0x10, 0x20

for place in (os.getcwd(), "/tmp", "/dev/shm", "/dev/mqueue"):
    for name, value in (("user.mark", b"1"), ("trusted.mark", b"1"), ("security.mark", b"1"),
                        ("system.posix_acl_default", b"\x02\0\0\0")):
        try:
            os.setxattr(place, name, value)
            print(place, name)
        except OSError:
            pass
    for what, verb in (("mode", lambda: os.chmod(place, 0o700)),
                       ("owner", lambda: os.chown(place, os.getuid(), os.getgid())),
                       ("times", lambda: os.utime(place, (1, 1)))):
        try:
            verb()
            print(place, what)
        except OSError:
            pass
    if place == "/dev/mqueue":
        continue
    path = place + "/marked"
    os.mkdir(path)
    open(path + "/inside", "w").close()
    for flags in (IMMUTABLE, APPEND):
        for marked in (path, path + "/inside", place):
            descriptor = os.open(marked, os.O_RDONLY)
            try:
                fcntl.ioctl(descriptor, FS_IOC_SETFLAGS, array.array("l", [flags]))
                print(marked, flags)
            except OSError:
                pass
            os.close(descriptor)
print("marked")
