"""kilnd's own memory."""
import asyncio
import json

import pytest

import processes
from client import COMPILER, request_body
from engine import running_engine
from reply import Reply
from waiting import eventually

MIB = 1024 * 1024
IDLE_BYTES = 16 * MIB
QUEUED = 4000

pytestmark = pytest.mark.figures


async def test_idle_with_four_containers():
    async with running_engine(KILN_POOL_SIZE=4) as kiln:
        await kiln.wait_full()
        for i in range(20):
            assert (await kiln.client.run("python", f"print({i})")).verdict == "ok"
        resident = processes.resident_bytes(kiln.pid)
        print(f"\nidle: {resident / MIB:.1f} MiB")
        assert resident <= IDLE_BYTES


async def test_four_thousand_queued_requests():
    async with running_engine(KILN_POOL_SIZE=1, KILN_WORKERS=1, KILN_QUEUE_CAPACITY=QUEUED,
                              KILN_QUEUE_WAIT_MS=4000) as kiln:
        await kiln.wait_full()
        code = processes.NAME_ME.format(name="memoryblock") + "import time; time.sleep(6)"
        blocker = asyncio.ensure_future(kiln.client.run("python", code))
        await processes.wait_for_name("memoryblock")
        body = json.dumps(request_body("python", "#" * 9000 + "\nprint(1)")).encode()
        sent = [await kiln.client.send(COMPILER, body) for _ in range(QUEUED + 1)]
        await asyncio.wait_for(asyncio.wait(
            [answers.first for answers in sent], return_when=asyncio.FIRST_COMPLETED), 10)
        resident = processes.resident_bytes(kiln.pid)
        payload = len(body) * QUEUED
        print(f"\n{QUEUED} requests, {payload / MIB:.1f} MiB: {resident / MIB:.1f} MiB")
        assert resident <= IDLE_BYTES + 2 * payload
        replies = [Reply(await asyncio.wait_for(answers.first, 60)) for answers in sent]
        verdicts = [reply.verdict for reply in replies]
        assert set(verdicts) <= {"ok", "busy"} and verdicts.count("busy") >= QUEUED // 2
        assert (await blocker).verdict == "ok"

        print(f"all answered: {processes.resident_bytes(kiln.pid) / MIB:.1f} MiB")
        await eventually(lambda: processes.resident_bytes(kiln.pid) <= 2 * IDLE_BYTES, 5,
                         "the memory of answered requests is given back")


async def test_memory_does_not_grow_from_job_to_job():
    async with running_engine(KILN_POOL_SIZE=2) as kiln:
        async def some(count):
            for _ in range(count):
                replies = await asyncio.gather(*(
                    kiln.client.run("python", "print('x' * 100_000)") for _ in range(4)))
                assert all(reply.verdict == "ok" for reply in replies)
            return processes.resident_bytes(kiln.pid)
        first = await some(25)
        last = await some(75)
        print(f"\nafter 100 jobs {first / MIB:.1f} MiB, after 400 {last / MIB:.1f} MiB")
        assert last <= first + 2 * MIB
