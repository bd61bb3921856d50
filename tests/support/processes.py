"""Processes of this host, by /proc."""
import os

from waiting import eventually

# The start of a Python program that makes the host see it under a name of its own.
NAME_ME = "import ctypes; ctypes.CDLL(None).prctl(15, b'{name}')\n"


def ending_with_us(signal_name, *command):
    """The command in a form that gets this signal when the test run ends, however it ends."""
    return ["setpriv", "--pdeathsig", signal_name, *command]


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


def children(pid):
    """The pids of the processes that its first thread has started."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as found:
        return list(map(int, found.read().split()))


def lives(pid):
    """Whether there is such a process, and it has not ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


async def wait_for_name(name, seconds=10):
    return await eventually(lambda: named(name), seconds, f"a process named {name}")


def resident_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    raise AssertionError(f"process {pid} has no VmRSS")
