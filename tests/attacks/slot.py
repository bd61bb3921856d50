"""One worker container as the host sees it: nothing here asks the agent or kilnd."""
import os
import signal
import subprocess

from processes import named, resident_bytes

PLACES = ("workspace", "tmp", "dev/shm", "dev/mqueue")
CGROUP = "/sys/fs/cgroup"
MIB = 1024 * 1024

# What the kernel and the C library may keep of a job that is gone.
MEMORY_SLACK = 8 * MIB  # one node that stands ready is not as large as another
KERNEL_SLACK = 32 * MIB
AGENT_SLACK = MIB


def _numbers(path):
    """A cgroup file of "name value" lines."""
    with open(path, encoding="ascii") as lines:
        return {name: int(value) for name, value in (line.split() for line in lines)}


def _number(path):
    with open(path, encoding="ascii") as text:
        return int(text.read())


def cgroup_folder(pid, controller):
    """Of a process, by either version of cgroups."""
    with open(f"/proc/{pid}/cgroup", encoding="utf-8") as lines:
        entries = [line.rstrip("\n").split(":", 2) for line in lines]
    for _, controllers, path in entries:
        if controller in controllers.split(","):
            return f"{CGROUP}/{controller}{path}"
    for _, controllers, path in entries:
        if controllers == "":
            return CGROUP + path
    raise AssertionError(f"process {pid} is in no cgroup: {entries}")


def cgroup_memory(folder):
    """What processes hold, and what files in tmpfs do."""
    stat = _numbers(f"{folder}/memory.stat")
    if "total_rss" in stat:
        return stat["total_rss"], stat["total_shmem"]
    return stat["anon"], stat["shmem"]


class Slot:
    kernel_slack = KERNEL_SLACK
    agent_slack = AGENT_SLACK

    def __init__(self, docker, container):
        self.id = container
        self.pid = docker.pid(container)
        self._memory = cgroup_folder(self.pid, "memory")
        self._pids = cgroup_folder(self.pid, "pids")

    def _has(self, pid):
        with open(f"/proc/{pid}/cgroup", encoding="utf-8") as lines:
            return self.id in lines.read()

    def named(self, name):
        """The processes of this container with this short name."""
        return [pid for pid in named(name) if self._has(pid)]

    def terminate(self, pid):
        os.kill(pid, signal.SIGTERM)

    def memory_bytes(self):
        """What processes and files hold. The page cache of the image is nobody's."""
        return sum(cgroup_memory(self._memory))

    def kernel_bytes(self):
        v1 = f"{self._memory}/memory.kmem.usage_in_bytes"
        if os.path.exists(v1):
            return _number(v1)
        stat = _numbers(f"{self._memory}/memory.stat")
        return stat.get("kernel", stat.get("slab_unreclaimable", 0))

    def agent_bytes(self):
        return resident_bytes(self.pid)

    def agent_descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def _children(self):
        """User ids of the agent's children, zombies too, and how many other processes there are."""
        with open(f"{self._pids}/cgroup.procs", encoding="ascii") as pids:
            found = {int(pid) for pid in pids.read().split()} - {self.pid}
        uids = []
        for pid in found:
            try:
                with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as lines:
                    status = dict(line.split(":", 1) for line in lines)
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(status["PPid"]) == self.pid:
                uids.append(int(status["Uid"].split()[0]))
        return uids, len(found) - len(uids)

    def _job_uid(self):
        with open(f"/proc/{self.pid}/environ", "rb") as variables:
            for variable in variables.read().split(b"\0"):
                if variable.startswith(b"KILN_JOB_UID="):
                    return int(variable.partition(b"=")[2])
        raise AssertionError("the agent was not told its jobs' user id")

    def standing(self):
        """How many processes stand ready: a zygote of root's, and at most one of each user id that
        is kept for them."""
        uids, _ = self._children()
        return len({uid for uid in uids if uid == 0 or uid > self._job_uid()})

    def strays(self):
        """Processes that are neither the agent nor stand ready."""
        uids, others = self._children()
        return others + len(uids) - self.standing()

    def files(self):
        return [f"/{place}/{name}" for place in PLACES
                for name in os.listdir(f"/proc/{self.pid}/root/{place}")]

    def ipc(self):
        """System V objects in its IPC namespace."""
        tables = subprocess.run(
            ["nsenter", "--ipc", "--target", str(self.pid), "cat", "/proc/sysvipc/shm",
             "/proc/sysvipc/sem", "/proc/sysvipc/msg"],
            check=True, capture_output=True, text=True, timeout=10).stdout
        return [line for line in tables.splitlines() if not line.split()[0] == "key"]

    def figures(self):
        return {"memory": self.memory_bytes(), "kernel": self.kernel_bytes(),
                "agent": self.agent_bytes(), "descriptors": self.agent_descriptors()}

    def complaints(self, baseline):
        """What is not as in a container that has done nothing but harmless work."""
        found = []
        if count := self.strays():
            found.append(f"{count} processes")
        if files := self.files():
            found.append(f"{len(files)} files: {files[:5]}")
        if ipc := self.ipc():
            found.append(f"{len(ipc)} IPC objects")
        figures = self.figures()
        for name, slack in (("memory", MEMORY_SLACK), ("kernel", self.kernel_slack),
                            ("agent", self.agent_slack), ("descriptors", 0)):
            if figures[name] > baseline[name] + slack:
                found.append(f"{name}: {figures[name]}, at first {baseline[name]}")
        return found
