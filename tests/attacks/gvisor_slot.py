"""One worker container under gVisor. Its files, processes and IPC are in a kernel of its own, of which
the host sees nothing; so a program that the container runtime starts in it looks. Nothing here asks
the agent or kilnd."""
import json

from slot import MIB, PLACES, Slot, cgroup_memory

# What gVisor keeps of a job that is gone, in its own heap, until it collects it: after a flood of
# output 86 MiB more than at first, however many come.
SENTRY_SLACK = 128 * MIB
# It counts pages of the agent's file that were read since.
AGENT_SLACK = 2 * MIB

LOOK = """
import ctypes, json, os

def text(path):
    with open(path, errors="replace") as file:
        return file.read()

def others():
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]

names = {}
for pid in others():
    try:
        names[pid] = text(f"/proc/{pid}/comm").rstrip("\\n")
    except OSError:
        pass
places = [place for place in %r if os.path.isdir("/" + place)]
libc = ctypes.CDLL(None)
room = ctypes.create_string_buffer(1024)
# SHM_STAT, SEM_STAT and MSG_STAT of the first places of each table.
ipc = {"shm": [n for n in range(64) if libc.shmctl(n, 13, room) >= 0],
       "sem": [n for n in range(64) if libc.semctl(n, 0, 18, room) >= 0],
       "msg": [n for n in range(64) if libc.msgctl(n, 11, room) >= 0]}
print(json.dumps({
    "names": names,
    "files": [f"/{place}/{name}" for place in places for name in os.listdir("/" + place)],
    "ipc": [f"{kind} {number}" for kind, numbers in ipc.items() for number in numbers],
    "memory": [int(line.split()[1]) * 1024 for line in text("/proc/meminfo").splitlines()
               if line.startswith("AnonPages:")][0],
    "agent": int(text("/proc/1/statm").split()[1]) * os.sysconf("SC_PAGESIZE"),
}))
""" % (PLACES,)


class GvisorSlot(Slot):
    kernel_slack = SENTRY_SLACK
    agent_slack = AGENT_SLACK

    def __init__(self, docker, container):
        super().__init__(docker, container)
        self._docker = docker
        self._seen = None

    def _look(self):
        """As things are when it is asked for the first time. ProcessLookupError when a job ended
        meanwhile: the agent kills whatever is there."""
        if self._seen is None:
            status, output = self._docker.exec(self.id, ["/usr/bin/python3", "-I", "-c", LOOK])
            if status != 0:
                raise ProcessLookupError(output.decode())
            self._seen = json.loads(output)
        return self._seen

    def named(self, name):
        """Processes of this name, as the container counts them."""
        return [int(pid) for pid, its in self._look()["names"].items() if its == name]

    def terminate(self, pid):
        status, output = self._docker.exec(self.id, ["/bin/sh", "-c", f"kill -TERM {pid}"])
        assert status == 0, output

    def memory_bytes(self):
        """What looks is among it, each time the same."""
        return self._look()["memory"]

    def kernel_bytes(self):
        """Of gVisor's kernel on the host, the container's files and pages not among it."""
        return cgroup_memory(self._memory)[0]

    def agent_bytes(self):
        return self._look()["agent"]

    def agent_descriptors(self):
        """Out of sight: gVisor shows nobody's but one's own."""
        return 0

    def processes(self):
        return len(self._look()["names"])

    def files(self):
        return self._look()["files"]

    def ipc(self):
        return self._look()["ipc"]
