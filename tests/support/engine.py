"""A kilnd of a test's own, with its own nats-server unless one is given."""
import asyncio
import contextlib
import itertools
import json
import os
import re
import signal
import tempfile

from client import Client
from dockerapi import Docker
from natsserver import NatsServer
from nats.errors import NoRespondersError
from processes import ending_with_us
from waiting import eventually

BUILD = os.environ.get("KILN_TEST_BUILD", "")
IMAGE = os.environ.get("KILN_TEST_IMAGE", "kiln/worker:latest")
# Another container runtime of the daemon than its default one: gVisor's, under which a container can
# be spoken to by its own streams alone.
RUNTIME = os.environ.get("KILN_TEST_RUNTIME", "")
SANITIZER = os.environ.get("KILN_TEST_SANITIZER", "")
SANITIZER_REPORT = re.compile(
    rb"ERROR: (Address|Leak|Memory)Sanitizer|WARNING: ThreadSanitizer|runtime error: ")
STOP_SECONDS = 60

_numbers = itertools.count()


def program(name):
    """The path of a built program."""
    path = os.path.join(BUILD, name)
    assert BUILD and os.access(path, os.X_OK), f"KILN_TEST_BUILD has no {name}: '{BUILD}'"
    return path


def clean_environment():
    """Nothing of Kiln's, so that a test decides all of its configuration."""
    kept = ("PATH", "HOME", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
            "LSAN_OPTIONS")
    return {name: os.environ[name] for name in kept if name in os.environ}


def runtime_settings():
    if not RUNTIME:
        return {}
    return {"KILN_CONTAINER_RUNTIME": RUNTIME, "KILN_CHANNEL": "attach"}


class Engine:
    """One kilnd. `client` is connected to its NATS server once start() has returned."""

    made = []  # of the test that runs now and those that outlive it: their logs explain a failure
    homes = []

    def __init__(self, nats, **settings):
        number = next(_numbers)
        self.name = settings.pop("KILN_ENGINE_NAME", f"e2e-{os.getpid()}-{number}")
        self.nats = nats
        self.docker = Docker()
        self.client = None
        self.process = None
        self.stopped = False
        self.home = tempfile.mkdtemp(prefix="kiln-e2e-", dir="/tmp")
        self.run_dir = os.path.join(self.home, "run")
        self.log_path = os.path.join(self.home, "kilnd.log")
        os.mkdir(self.run_dir)
        self.environment = clean_environment() | {
            "NATSURL": nats.url,
            "KILN_ENGINE_NAME": self.name,
            "KILN_QUEUE_GROUP": self.name,
            "KILN_DOCKER_SOCKET": self.docker.path,
            "KILN_IMAGE": IMAGE,
            "KILN_RUN_DIR": self.run_dir,
            "KILN_LOG_LEVEL": "debug",
        } | runtime_settings() | {name: str(value) for name, value in settings.items()}
        Engine.made.append(self)
        Engine.homes.append(self.home)

    @property
    def pid(self):
        return self.process.pid

    @property
    def pool_size(self):
        return int(self.environment["KILN_POOL_SIZE"])

    def log(self):
        with open(self.log_path, "rb") as log:
            return log.read()

    def containers(self):
        """The ids of its running containers."""
        return self.docker.containers(self.name, running_only=True)

    async def spawn(self):
        """Starts kilnd and does not wait for it."""
        with open(self.log_path, "ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *ending_with_us("TERM", program("kilnd")), cwd=self.home, env=self.environment,
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log)
        self.stopped = False

    async def start(self, seconds=60):
        await self.spawn()
        self.client = await Client().connect(self.nats.url)
        await self.wait_ready(seconds)
        return self

    async def languages(self):
        """What kilnd says that it can run; an empty list while it is not ready."""
        try:
            answer = json.loads(await self.client.ask("kiln.languages", b"", timeout=5))
        except (NoRespondersError, asyncio.TimeoutError):
            return []
        return answer.get("languages") or []

    async def wait_ready(self, seconds=60):
        async def ready():
            assert self.process.returncode is None, "kilnd ended at its start"
            return await self.languages()
        return await eventually(ready, seconds, "kilnd knows its languages")

    async def wait_full(self, seconds=60):
        """Until its pool has all its containers; their ids."""
        def full():
            containers = self.containers()
            return containers if len(containers) >= self.pool_size else None
        return await eventually(full, seconds, f"{self.pool_size} containers")

    async def wait_exit(self, seconds=STOP_SECONDS):
        """The exit status; negative for a signal."""
        status = await asyncio.wait_for(self.process.wait(), seconds)
        self.stopped = True
        return status

    async def terminate(self, seconds=STOP_SECONDS):
        """SIGTERM, and what must be true after it."""
        self.process.send_signal(signal.SIGTERM)
        status = await self.wait_exit(seconds)
        assert status == 0, f"exit status {status} after SIGTERM"
        self.check_nothing_left()

    def check_nothing_left(self):
        assert self.docker.containers(self.name) == [], "containers were left"
        left = os.listdir(self.run_dir) if os.path.exists(self.run_dir) else []
        # The lock of an engine's name stays: to unlink it would let two engines lock two files.
        left = [name for name in left if not name.endswith(".lock")]
        assert left == [], f"left in the run directory: {left}"

    def check_log(self):
        if SANITIZER:
            found = SANITIZER_REPORT.search(self.log())
            assert not found, f"{SANITIZER}: {found.group().decode()}"

    async def close(self):
        """Ends it in whatever state it is. A kilnd that still runs must end well."""
        try:
            if self.client is not None:
                await self.client.close()
            if self.process is not None and not self.stopped:
                assert self.process.returncode is None, \
                    f"kilnd ended by itself: {self.process.returncode}"
                await self.terminate()
        finally:
            if self.process is not None and self.process.returncode is None:
                self.process.kill()
                await self.process.wait()
            for container in self.docker.containers(self.name):
                self.docker.remove(container)
        self.check_log()


@contextlib.asynccontextmanager
async def running_engine(nats=None, start=True, **settings):
    """An engine that is ready (or, with start=False, not started) and ends with the block."""
    settings.setdefault("KILN_POOL_SIZE", 2)
    own_nats = None
    if nats is None:
        nats = own_nats = await NatsServer().start()
    try:
        engine = Engine(nats, **settings)
        try:
            if start:
                await engine.start()
            yield engine
        finally:
            await engine.close()
    finally:
        if own_nats is not None:
            await own_nats.close()
