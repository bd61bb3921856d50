"""Processes of this host, by /proc."""
import os

from waiting import eventually

# The start of a Python program that makes the host see it under a name of its own.
NAME_ME = "import ctypes; ctypes.CDLL(None).prctl(15, b'{name}')\n"


def named(name):
    """The pids of all processes whose short name this is (15 bytes at most)."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/comm", encoding="utf-8", errors="replace") as comm:
                if comm.read().rstrip("\n") == name:
                    found.append(int(entry))
        except OSError:
            continue
    return found


async def wait_for_name(name, seconds=10):
    return await eventually(lambda: named(name), seconds, f"a process named {name}")


def resident_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    raise AssertionError(f"process {pid} has no VmRSS")
