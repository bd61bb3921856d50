import os

names = sorted(int(name) for name in os.listdir("/proc/self/fd"))
print(names)
for number in names[:3]:
    print(number, os.readlink(f"/proc/self/fd/{number}").split(":")[0])
print(os.open("/dev/null", os.O_RDONLY), os.dup(0), os.pipe())
