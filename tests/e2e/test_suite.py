"""A test run that is ended from outside leaves no kilnd, no nats-server and no container."""
import asyncio
import pathlib
import signal
import sys

import pytest

import processes
from dockerapi import Docker
from waiting import eventually

SOME_TESTS = pathlib.Path(__file__).with_name("test_verdicts.py")
# Without its NATS server, a kilnd waits a while before it gives up to flush.
END_SECONDS = 30


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_a_run_that_is_ended_leaves_nothing(how):
    run = await asyncio.create_subprocess_exec(
        *processes.ending_with_us("KILL", sys.executable),
        "-m", "pytest", "-p", "no:cacheprovider", "-q", str(SOME_TESTS),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
    first_engine = f"e2e-{run.pid}-0"
    await eventually(lambda: Docker().containers(first_engine), 30, "a container of that run")
    children = processes.children(run.pid)
    assert len(children) == 2, children
    run.send_signal(how)
    await asyncio.wait_for(run.wait(), END_SECONDS)
    if how != signal.SIGKILL:
        assert not list(filter(processes.lives, children))
    await eventually(lambda: not any(map(processes.lives, children)), END_SECONDS,
                     "its servers are gone")
    assert Docker().containers(first_engine) == []
