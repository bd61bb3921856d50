"""Row 37: what one job does is not to be noticed in another one. The receiver tells all that it can
notice, alone and beside a sender that does all that it may: both must be the same."""
import asyncio
import contextlib
import json
import os

import pytest_asyncio

from attack import source
from client import PROBLEMS
from target import target
from tier import TIER
from waiting import eventually

# Files that both containers have, because they are of the image or of the kernel.
SHARED = ["/etc/passwd", "/etc/hostname", "/etc/debian_version", "/usr/bin/python3", "/bin/sh",
          "/opt/kiln/bin/kiln-agent", "/opt/kiln", "/usr", "/", "/run/kiln", "/dev/null", "/dev/zero",
          "/dev/urandom", "/dev/tty", "/dev/shm", "/dev/mqueue", "/proc", "/proc/version",
          "/proc/sys/kernel/ostype", "/sys", "/sys/kernel", "/sys/fs/cgroup"]


@pytest_asyncio.fixture(scope="module")
async def two():
    async with target(pool_size=2) as engine:
        yield engine


@contextlib.asynccontextmanager
async def sender(two):
    """Signals in every way that it knows, for the time of the block."""
    name = f"send-{os.getpid()}"
    job = asyncio.ensure_future(two.client.run(
        "python", source("37_sender.py"), args=[name, *SHARED], subject=PROBLEMS, timeout=120))
    found = await eventually(lambda: job.done() or two.find(name), 20, "the sender")
    assert not job.done(), f"the sender did not start: {job.result()}"
    try:
        yield
        assert not job.done(), f"the sender ended: {job.result()}"
    finally:
        if not job.done():
            slot, pid = found
            slot.terminate(pid)
        reply = await job
    assert reply.verdict == "ok" and reply.stdout == b"held True\n", reply


async def listen(two):
    reply = await two.client.run("python", source("37_receiver.py"),
                              args=[str(TIER.processes), *SHARED])
    assert reply.verdict == "ok" and reply.stderr == b"", reply
    return json.loads(reply.stdout)


def differences(quiet, loud):
    assert set(quiet) == set(loud)
    return {what: (quiet[what], loud[what]) for what in quiet if quiet[what] != loud[what]}


async def test_row_37_no_bit_passes(two):
    quiet = await listen(two)
    assert len(quiet) > 40 and quiet["processes"] > 10, quiet
    for _ in range(3):
        async with sender(two):
            assert differences(quiet, await listen(two)) == {}
        assert differences(quiet, await listen(two)) == {}


async def test_row_37_the_receiver_would_notice(two):
    """Else the test above would prove nothing: in one container, it notices a good deal."""
    both = ("import os, sys, time\n"
            "open('s.py', 'w').write(sys.stdin.read())\n"
            "if os.fork() == 0:\n"
            "    os.execv(sys.executable, ['python3', 's.py', 'held', *sys.argv[2:]])\n"
            "while open('/proc/' + max(filter(str.isdigit, os.listdir('/proc')), key=int)"
            " + '/comm').read() != 'held\\n': time.sleep(0.01)\n"
            "os.execv(sys.executable, ['python3', 'r.py', *sys.argv[1:]])\n")
    quiet = await listen(two)
    reply = await two.client.run(
        "python", both, args=[str(TIER.processes), *SHARED], stdin=source("37_sender.py"),
        files={"r.py": source("37_receiver.py")}, subject=PROBLEMS)
    assert reply.stdout, reply
    noticed = set(differences(quiet, json.loads(reply.stdout)))
    assert noticed >= TIER.shared, noticed
