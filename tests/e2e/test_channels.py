"""Both ways to talk to a container serve the same: a Unix socket, and its attached stdio."""
import asyncio
import os
import random
import signal

import pytest

import processes
from client import PROBLEMS
from engine import running_engine
from programs import ALIASES, printing
from waiting import eventually

MIB = 1024 * 1024
ECHO = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())"

pytestmark = pytest.mark.parametrize("channel", ["socket", "attach"])


async def test_a_channel_carries_what_jobs_need(channel):
    async with running_engine(KILN_CHANNEL=channel, KILN_POOL_SIZE=2) as kiln:
        replies = await asyncio.gather(*(
            kiln.client.run(name, printing(name, "hello")) for name in ALIASES))
        assert [reply.stdout for reply in replies] == [b"hello\n"] * len(ALIASES)
        data = random.Random(2).randbytes(MIB)
        reply = await kiln.client.run("python", ECHO, stdin=data, subject=PROBLEMS)
        assert reply.verdict == "ok" and reply.stdout == data
        reply = await kiln.client.run("python", "while True: print('y' * 1000)")
        assert reply.verdict == "output_limit" and len(reply.stdout) == MIB, reply
        reply = await kiln.client.run("python", "while True: pass", limits={"wall_ms": 500})
        assert reply.verdict == "time_limit", reply
        assert (await kiln.client.run("python", "print(1)")).stdout == b"1\n"


async def test_a_job_finds_nothing_of_the_channel(channel):
    code = ("import os\n"
            "print(sorted(os.listdir('/proc/self/fd')))\n"
            "for folder, folders, files in os.walk('/run'):\n"
            "    for name in files:\n"
            "        if name.endswith('.sock'): print('found', folder, name)\n")
    async with running_engine(KILN_CHANNEL=channel, KILN_POOL_SIZE=1) as kiln:
        reply = await kiln.client.run("python", code)
        assert reply.stdout == b"['0', '1', '2', '3']\n", f"3 is the listing's own: {reply}"


async def test_a_broken_channel_costs_time_and_not_the_answer(channel):
    async with running_engine(KILN_CHANNEL=channel, KILN_POOL_SIZE=1) as kiln:
        name = f"{channel}broken"
        code = processes.NAME_ME.format(name=name) + "import time; time.sleep(1)\nprint('done')"
        job = asyncio.ensure_future(kiln.client.run("python", code))
        await processes.wait_for_name(name)
        os.kill(kiln.docker.pid(kiln.containers()[0]), signal.SIGKILL)
        assert (await job).stdout == b"done\n"


async def test_containers_end_with_kilnd(channel):
    async with running_engine(KILN_CHANNEL=channel, KILN_POOL_SIZE=2) as kiln:
        await kiln.wait_full()
        kiln.process.kill()
        await kiln.wait_exit()
        await eventually(lambda: not kiln.docker.containers(kiln.name), 5, "no container left")
