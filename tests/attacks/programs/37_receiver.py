# Tells, as JSON, all that it can notice of a job that runs beside it. The arguments are how many
# processes to ask for, and paths.
import ctypes
import fcntl
import json
import mmap
import os
import select
import socket
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
KEY = 0x6B696C6E
NAME = "kiln-signal"
noticed = {}


def outcome(verb):
    try:
        return repr(verb())
    except OSError as error:
        return error.strerror


def lock(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return fcntl.fcntl(descriptor, fcntl.F_GETLK, bytes([1] + [0] * 31))[0]
    finally:
        os.close(descriptor)


def connect(family, kind, address):
    with socket.socket(family, kind) as one:
        one.settimeout(0.2)
        one.connect(address)


def count(make, most):
    """How many the kernel gives."""
    number = 0
    while number < most and make(number):
        number += 1
    return number


def pipe_of_a_megabyte(_):
    ends = os.pipe()
    try:
        fcntl.fcntl(ends[1], 1031, 1 << 20)
        return True
    except OSError:
        return False


def limits():
    noticed["inotify"] = count(lambda _: libc.inotify_init() >= 0, 400)
    noticed["pipes"] = count(pipe_of_a_megabyte, 100)
    noticed["queues"] = count(
        lambda number: libc.mq_open(b"/own%d" % number, 0o102, 0o600, None) >= 0, 300)
    noticed["timers"] = count(
        lambda _: libc.timer_create(0, None, ctypes.byref(ctypes.c_void_p())) == 0, 1000)
    locked = mmap.mmap(-1, 65536)
    address = ctypes.addressof(ctypes.c_char.from_buffer(locked))
    noticed["locked memory"] = libc.mlock(address, 65536)
    children = []
    while len(children) < int(sys.argv[1]):
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            time.sleep(30)
            os._exit(0)
        children.append(child)
    noticed["processes"] = len(children)
    for child in children:
        os.kill(child, 9)
    for child in children:
        os.waitpid(child, 0)


def names():
    for place in ("/workspace", "/tmp", "/dev/shm", "/dev/mqueue", "/run/kiln"):
        noticed["in " + place] = outcome(lambda: sorted(set(os.listdir(place)) - {"main.py"}))
        noticed["lock of " + place] = outcome(lambda: lock(place))
    for path in sys.argv[2:]:
        noticed["lock of " + path] = outcome(lambda: lock(path))
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        noticed[f"abstract {kind}"] = outcome(
            lambda: connect(socket.AF_UNIX, kind, f"\0{NAME}{kind}"))
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        noticed[host] = outcome(lambda: connect(family, socket.SOCK_STREAM, (host, 5005)))
    noticed["shm"] = libc.shmget(KEY, 0, 0)
    noticed["sem"] = libc.semget(KEY, 0, 0)
    noticed["msg"] = libc.msgget(KEY, 0)
    noticed["mqueue"] = libc.mq_open(f"/{NAME}0".encode(), os.O_RDWR)
    noticed["key"] = libc.syscall(249, b"user", NAME.encode(), None, -4)
    # As it stands: the number of a line tells how many locks of others are not shown.
    noticed["locks"] = outcome(lambda: open("/proc/locks").read())
    noticed["key-users"] = outcome(lambda: open("/proc/key-users").read())
    for table in ("net/unix", "net/tcp", "net/udp", "sysvipc/shm", "sysvipc/sem", "sysvipc/msg"):
        noticed[table] = outcome(lambda: len(open("/proc/" + table).read().splitlines()))
    noticed["pids"] = sorted(int(name) for name in os.listdir("/proc")
                             if name.isdigit() and int(name) != os.getpid())


def watch_the_image():
    """Whether reading elsewhere makes events or changes times here."""
    descriptor = libc.inotify_init()
    files = ["/etc/debian_version", "/etc/passwd", "/usr/share", "/usr/lib/python3", "/etc"]
    files = [path for path in files if os.path.exists(path)]
    before = {path: os.stat(path).st_atime_ns for path in files}
    for path in files:
        libc.inotify_add_watch(descriptor, path.encode(), 0xFFF)
    time.sleep(0.3)
    noticed["watches"] = descriptor >= 0
    noticed["events"] = descriptor >= 0 and len(select.select([descriptor], [], [], 0)[0])
    noticed["times"] = [path for path in files if os.stat(path).st_atime_ns != before[path]]


watch_the_image()
names()
limits()
print(json.dumps(noticed))
