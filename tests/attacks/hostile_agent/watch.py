"""What must be true of a kilnd whatever its agents do: it lives, answers at once, does not grow,
and ends when it is told to."""
import asyncio
import contextlib
import json
import os
import re
import signal
import time

import processes
from client import Client
from engine import SANITIZER, running_engine
from nats.errors import NoRespondersError
from waiting import eventually

MIB = 1024 * 1024

# A sanitizer's build is slower, and its memory says nothing.
SLOWNESS = 5 if SANITIZER else 1
PULSE_SECONDS = 1 * SLOWNESS
GRACE_MS = 2000
STOP_SECONDS = GRACE_MS / 1000 + 7 * SLOWNESS  # the grace period, and to remove the containers
SETTLE_SECONDS = 10 * SLOWNESS

# Each of the two builders has a connection to the Docker daemon, and while it builds a listener and
# the channel of what it builds.
DESCRIPTORS_MORE = 6

SETTINGS = {
    "KILN_POOL_SIZE": 1,
    "KILN_WORKERS": 1,
    "KILN_GRACE_MS": GRACE_MS,
} | {f"KILN_{subject}_{limit}": 300 for subject in ("COMPILER", "PROBLEMS")
     for limit in ("WALL_MS", "COMPILE_WALL_MS")}

CONTROL = re.compile(rb"[^\n\x20-\x7e]")


class Watch:
    """Of one engine that is ready. `figures` are what it is compared with."""

    def __init__(self, engine):
        self.engine = engine
        self.before = None
        self.first = None
        self._pulse = None
        self._slowest = 0
        self._crowd = 0

    @contextlib.asynccontextmanager
    async def begun(self):
        self._pulse = asyncio.create_task(self._feel_pulse())
        count = asyncio.create_task(self._count_containers())
        self.mark()
        try:
            yield self
        finally:
            for task in (self._pulse, count):
                task.cancel()
            await asyncio.gather(self._pulse, count, return_exceptions=True)

    def mark(self):
        """From here on: how far may it have grown?"""
        self.before = self.figures()
        self._crowd = 0
        self.first = self.first or self.before
        with open(f"/proc/{self.engine.pid}/clear_refs", "w", encoding="ascii") as file:
            file.write("5")  # VmHWM starts again

    def figures(self):
        proc = f"/proc/{self.engine.pid}"
        return {"resident": processes.resident_bytes(self.engine.pid),
                "descriptors": len(os.listdir(f"{proc}/fd")),
                "threads": len(os.listdir(f"{proc}/task"))}

    def resident(self):
        return processes.resident_bytes(self.engine.pid)

    def peak(self):
        with open(f"/proc/{self.engine.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmHWM:\s+(\d+) kB", status.read())[1]) * 1024

    def complaints(self, growth, since):
        now = self.figures()
        found = []
        if now["threads"] != since["threads"]:
            found.append(f"{now['threads']} threads, at first {since['threads']}")
        if now["descriptors"] > since["descriptors"] + DESCRIPTORS_MORE:
            found.append(f"{now['descriptors']} descriptors, at first {since['descriptors']}")
        if not SANITIZER and now["resident"] > since["resident"] + growth:
            found.append(f"grown by {now['resident'] - since['resident']} bytes")
        return found

    async def check(self, growth=4 * MIB, peak=8 * MIB, since=None):
        """Alive, quick to answer, and back to what it was."""
        found = []

        def settled():
            assert self.engine.process.returncode is None, "kilnd ended"
            found[:] = self.complaints(growth, since or self.before)
            return not found
        try:
            await eventually(settled, SETTLE_SECONDS, "kilnd is as it was")
        except AssertionError as error:
            raise AssertionError(f"{error}: {found}") from None
        risen = self.peak() - self.before["resident"]
        assert SANITIZER or risen <= peak, f"kilnd had grown by {risen} bytes"
        self.check_pulse()
        self.check_crowd()

    def records(self, **fields):
        """Those of its log that have these fields."""
        lines = map(json.loads, self.engine.log().splitlines())
        return [record for record in lines if fields.items() <= record.items()]

    async def containers_of(self, job_id, count=1):
        """All that took part in a job. Its last record comes after the reply."""
        await eventually(lambda: self.records(job_id=job_id, message="job done"), SETTLE_SECONDS,
                         f"a record of the job {job_id}")
        ids = {record["container_id"] for record in self.records(job_id=job_id)
               if record.get("container_id")}
        assert len(ids) == count, f"{job_id} had {ids}"
        return ids

    async def check_retired(self, job_id, count=1):
        """The containers that a job had are gone. The double does not end by itself."""
        ids = await self.containers_of(job_id, count)
        await eventually(lambda: not any(map(self.engine.docker.exists, ids)), SETTLE_SECONDS,
                         f"{ids} are gone")

    async def _feel_pulse(self):
        while True:
            answers = await self.engine.client.send("kiln.languages", b"")
            sent = time.monotonic()
            while not answers.first.done():
                await asyncio.sleep(0.01)
                self._slowest = max(self._slowest, time.monotonic() - sent)
            answers.first.result()
            self._slowest = max(self._slowest, answers.arrived_at - sent)
            await asyncio.sleep(0.2)

    async def _count_containers(self):
        while True:
            containers = await asyncio.to_thread(self.engine.docker.containers, self.engine.name)
            self._crowd = max(self._crowd, len(containers))
            await asyncio.sleep(0.5)

    def check_crowd(self):
        """Those that serve, those that are built, those that are to be removed, and then some."""
        most = 4 * self.engine.pool_size + 4
        assert self._crowd <= most, f"there were {self._crowd} containers at a time"

    def check_pulse(self):
        if self._pulse.done():
            self._pulse.result()
        assert self._slowest < PULSE_SECONDS, \
            f"kiln.languages was answered after {self._slowest:.2f} s"

    async def end(self):
        """SIGTERM; within the grace period it ends well and leaves nothing."""
        started = time.monotonic()
        self.engine.process.send_signal(signal.SIGTERM)
        status = await self.engine.wait_exit()
        took = time.monotonic() - started
        assert status == 0, f"exit status {status} after SIGTERM"
        self.engine.check_nothing_left()
        assert took <= STOP_SECONDS, f"SIGTERM took {took:.1f} s"
        assert not (found := CONTROL.search(self.engine.log())), f"in the log: {found}"


async def answers(engine):
    assert engine.process.returncode is None, "kilnd ended at its start"
    with contextlib.suppress(NoRespondersError):
        return await engine.client.ask("kiln.languages", b"", timeout=5)


@contextlib.asynccontextmanager
async def watched(image, warm_up=None, **settings):
    """A kilnd with this image, watched from the moment that it answers."""
    settings = SETTINGS | {"KILN_IMAGE": image} | settings
    async with running_engine(start=False, **settings) as engine:
        await engine.spawn()
        engine.client = await Client().connect(engine.nats.url)
        await eventually(lambda: answers(engine), 20, "kilnd answers")
        watch = Watch(engine)
        if warm_up is not None:
            await engine.wait_ready()
            await warm_up(watch)
        async with watch.begun():
            yield watch
        await watch.end()
