"""An engine under attack, and what must be true of it after each attack."""
import asyncio
import contextlib
import json
import os
import time

import processes
from attack import source
from client import PROBLEMS
from dockerapi import DockerError
from engine import running_engine
from slot import MIB
from tier import TIER
from waiting import eventually

SETTINGS = {
    "KILN_JOBS_PER_CONTAINER": 1_000_000,  # a container goes only because of what a job did
    "KILN_COMPILER_COMPILE_WALL_MS": 2500,
    "KILN_COMPILE_CACHE_BYTES": 512 * 1024,  # full at once: kilnd's growth is looked at
    "KILN_PROBLEMS_WALL_MS": 600_000,      # for the neighbour
    "KILN_PROBLEMS_CPU_MS": 600_000,
}
SETTLE_SECONDS = 5

# What stands ready in a container: a zygote of Python and its child, and a node; and what they may
# take until they have loaded all that they load.
STANDING = 3
LOADING_SECONDS = 1.5

# Of kilnd, from one attack to the next and over all of them.
GROWTH_AT_ONCE = 4 * MIB
GROWTH_OVER_ALL = 2 * MIB

# Connections to the Docker daemon that it keeps once it has had to replace a container.
DESCRIPTORS_MORE = 8

# A probe that was stopped for its share of the CPU, on a machine that does other things too.
PROBE_WALL_MS = 3000 * TIER.times
PROBE_CPU_MS = 1000 * TIER.times
PROBE_MEMORY = 60 * MIB


class Target:
    """One engine. With room for two, `neighbour()` keeps one container busy with a neighbour."""

    def __init__(self, engine):
        self.engine = engine
        self.docker = engine.docker
        self.client = engine.client
        self.fresh = None
        self.baseline = None
        self.resident = None
        self.descriptors = None
        self._busy = None  # the container of the neighbour

    async def prepare(self):
        """What everything is compared with later: after some work, but before any attack."""
        await self.engine.wait_full()
        self.fresh = await self.probe()
        for _ in range(3):
            for name, limits in (("07_yes.c", {}), ("02_memory.c", {})):
                reply = await self.client.run("c", source(name), limits=limits)
                assert reply.verdict in ("output_limit", "memory_limit"), reply
            await asyncio.gather(*(
                self.client.run("python", "print('x' * 1_000_000)")
                for _ in range(self.engine.pool_size)))
        await self.probe()
        await self.engine.wait_full()
        await eventually(self.idle, SETTLE_SECONDS, "an idle container")
        await asyncio.sleep(LOADING_SECONDS)
        self.baseline = self.slot().figures()
        self.resident = processes.resident_bytes(self.engine.pid)
        self.descriptors = self.engine_descriptors()
        return self

    def idle(self):
        slot = self.slot()
        return slot is not None and slot.standing() == STANDING and not slot.strays() \
            and not slot.files()

    def engine_descriptors(self):
        return len(os.listdir(f"/proc/{self.engine.pid}/fd"))

    def slots(self):
        return [TIER.slot(self.docker, container) for container in self.engine.containers()]

    def find(self, name):
        """The slot where a process has this name, and its pid as that slot counts; or None."""
        try:
            for slot in self.slots():
                if pids := slot.named(name):
                    return slot, pids[0]
        except (DockerError, FileNotFoundError, ProcessLookupError):
            pass  # a container is being replaced
        return None

    def slot(self):
        """The container that the next job runs in: the only one without the neighbour. None while
        it is being replaced."""
        try:
            slots = self.slots()
            free = [slot for slot in slots if slot.id != self._busy]
        except (DockerError, FileNotFoundError, ProcessLookupError):
            return None
        return free[0] if len(slots) == self.engine.pool_size else None

    async def run(self, attack):
        """One attack: its reply, judged, and all that must hold after it."""
        before = await eventually(self.slot, SETTLE_SECONDS, "a container")
        started = time.monotonic()
        reply = await self.client.run(**attack.request())
        took = time.monotonic() - started
        attack.judge(reply)
        assert took <= attack.seconds * TIER.times, f"answered after {took:.1f} s: {reply}"
        self.check_probe(await self.probe())
        for language, code, stdout in attack.after:
            witness = await self.client.run(language, code)
            assert witness.verdict == "ok" and witness.stdout == stdout, witness
        await self.check_outside(before)
        return reply

    async def probe(self):
        reply = await self.client.run("python", source("probe.py"))
        assert reply.verdict == "ok" and reply.stderr == b"", reply
        assert reply.usage["wall_ms"] < PROBE_WALL_MS, reply.usage
        assert reply.usage["cpu_ms"] < PROBE_CPU_MS, reply.usage
        assert reply.usage["memory_bytes"] < PROBE_MEMORY, reply.usage
        return json.loads(reply.stdout)

    def check_probe(self, seen):
        for what, value in self.fresh.items():
            assert seen[what] == value, f"the next job sees {what}: {seen[what]}, not {value}"

    async def check_outside(self, before):
        """Clean or retired, as the host sees it."""
        complaints = []

        def settled():
            complaints[:] = self.complaints(before)
            return not complaints
        try:
            await eventually(settled, SETTLE_SECONDS, "a clean or a new container")
        except AssertionError as error:
            raise AssertionError(f"{error}: {complaints}") from None

    def complaints(self, before):
        slot = self.slot()
        if slot is None:
            return [f"{len(self.engine.containers())} containers"]
        # A daemon may list for ever what ran out of memory while it was removed.
        for container in self.docker.containers(self.engine.name):
            if self.docker.exists(container) and container not in self.engine.containers():
                return [f"container {container[:12]} does not run"]
        found = slot.complaints(self.baseline)
        if slot.id != before.id and os.path.exists(f"/proc/{before.pid}"):
            found.append(f"the first process of {before.id[:12]} outlives its container")
        grown = processes.resident_bytes(self.engine.pid) - self.resident
        if grown > GROWTH_AT_ONCE:
            found.append(f"kilnd has grown by {grown} bytes")
        if (count := self.engine_descriptors()) > self.descriptors + DESCRIPTORS_MORE:
            found.append(f"kilnd has {count} descriptors, at first {self.descriptors}")
        return found

    @contextlib.asynccontextmanager
    async def neighbour(self):
        """A neighbour that works all the time, and must not notice the block."""
        name = f"nb-{os.getpid()}"
        job = asyncio.ensure_future(self.client.run(
            "python", source("neighbour.py"), args=[name], subject=PROBLEMS, timeout=900))
        found = await eventually(lambda: job.done() or self.find(name), 20, "the neighbour")
        assert not job.done(), f"the neighbour did not start: {job.result()}"
        slot, pid = found
        self._busy = slot.id
        try:
            yield
            assert not job.done(), f"the neighbour ended: {job.result()}"
        finally:
            self._busy = None
            if not job.done():
                slot.terminate(pid)
            reply = await job
        words = reply.stdout.split()
        assert reply.verdict == "ok" and words[0] == b"undisturbed", reply
        assert int(words[1]) > 0, f"the neighbour did not get to work: {reply}"


@contextlib.asynccontextmanager
async def target(pool_size, **settings):
    async with running_engine(KILN_POOL_SIZE=pool_size, KILN_WORKERS=pool_size,
                              **(SETTINGS | TIER.settings | settings)) as engine:
        yield await Target(engine).prepare()
