# Tells every socket, mount and device that leads out of the container.
import os
import socket
import stat

BY_DOCKER = {"/etc/hostname", "/etc/hosts", "/etc/resolv.conf"}
DEVICES = {"null", "zero", "full", "random", "urandom", "tty", "ptmx"}

for folder, folders, files in os.walk("/"):
    if folder in ("/proc", "/sys"):
        folders.clear()
        continue
    for name in files + folders:
        path = os.path.join(folder, name)
        try:
            mode = os.lstat(path).st_mode
        except OSError:
            continue
        if stat.S_ISSOCK(mode):
            print("socket", path)
        if stat.S_ISFIFO(mode):
            print("pipe", path)
        is_device = stat.S_ISBLK(mode) or stat.S_ISCHR(mode)
        if is_device and not (folder == "/dev" and name in DEVICES) and folder != "/dev/pts":
            print("device", path)
for line in open("/proc/self/mountinfo"):
    fields = line.split()
    within, place, options = fields[3], fields[4], fields[5].split(",")
    kind = fields[fields.index("-") + 1]
    of_a_disk = fields[fields.index("-") + 2].startswith("/dev/")
    if of_a_disk and place not in BY_DOCKER:
        # The folder in which the agent found its socket is gone, and empty.
        if os.path.isdir(place) and os.listdir(place):
            print("files of the host", place, os.listdir(place))
        if "rw" in options:
            print("writable mount of the host", place)
        if not within.endswith("//deleted"):
            print("mount of the host", place, within)
    if kind in ("cgroup", "cgroup2", "sysfs") and "rw" in options:
        print("writable", place)
for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock",
             "/run/kiln/agent.sock", "/run/kiln/kiln.sock"):
    if os.path.lexists(path):
        print("there is", path)
for line in open("/proc/net/unix").read().splitlines()[1:]:
    name = line.split()[7] if len(line.split()) > 7 else ""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        with socket.socket(socket.AF_UNIX, kind) as one:
            try:
                one.connect(name.replace("@", "\0", 1) if name.startswith("@") else name)
                print("connected to", name)
            except OSError:
                pass
for name, value in os.environ.items():
    if name.startswith(("KILN_", "NATS", "DOCKER_")):
        print("told", name, value)
print("looked")
