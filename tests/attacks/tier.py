"""Which container runtime the attacks are run under, and what is different there."""
import dataclasses

from engine import RUNTIME
from gvisor_slot import GvisorSlot
from slot import Slot


@dataclasses.dataclass(frozen=True)
class Tier:
    """`times`: by how much answers may take longer. `settings`: of kilnd, beyond those of all.
    `processes`: more than a job may have where forks are refused, fewer where that ends it.
    `shared`: what one job can notice of another within one container."""

    name: str
    slot: type
    times: int
    settings: dict
    processes: int
    shared: frozenset


# The kernel of the host, by whatever runtime is the daemon's default.
PLAIN = Tier("plain", Slot, 1, {}, 300, frozenset((
    "inotify", "pipes", "processes", "shm", "sem", "msg", "127.0.0.1", "lock of /workspace",
    "lock of /tmp", "lock of /usr/bin/python3", "pids")))

# Programs take six to nine times as long (SECURITY.md). What a container may use of the CPU cannot be
# raised while it runs, so it has a core here: else a limit shows up to a second late.
GVISOR = Tier("gvisor", GvisorSlot, 4, {"KILN_CPUS": 1}, 40, frozenset((
    "shm", "sem", "msg", "127.0.0.1", "lock of /workspace", "lock of /tmp", "pids")))

TIER = GVISOR if RUNTIME.startswith("runsc") else PLAIN
