"""Runs all programs of a test module that were not deselected, some at once, each both ways."""
import asyncio
import contextlib

import pytest_asyncio

from client import PROBLEMS
from cold import ColdContainer
from engine import running_engine
from outcome import Outcome
from programs import shipped

AT_ONCE = 4

# A program with nonces runs so often through Kiln: more often than there are containers, so that
# two of its runs have one container, and whatever is warm in it, in common.
NONCE_RUNS = AT_ONCE + 2

# Before the programs that ask whether they have been running for less than five seconds: what is
# warm has waited for longer.
PAUSE_SECONDS = 6

# Between two runs of one of them that has nonces: so long a zygote lives on after a job.
REST_SECONDS = 1.8


@contextlib.asynccontextmanager
async def cold_containers():
    """A queue of them: whoever takes one puts it back."""
    containers = asyncio.Queue()
    started = await asyncio.gather(*(ColdContainer().start() for _ in range(AT_ONCE)))
    for container in started:
        containers.put_nowait(container)
    try:
        yield containers
    finally:
        await asyncio.gather(*(container.close() for container in started))


async def run_warm(engine, language, program):
    reply = await engine.client.run(language, program.code, subject=PROBLEMS, stdin=program.stdin,
                                    args=program.args, files=program.files)
    assert reply.verdict in ("ok", "runtime_error"), reply
    assert not any(reply.truncated.values()), reply
    return Outcome(reply.stdout, reply.stderr, reply.exit_code, reply.signal)


async def run_both_ways(engine, containers, language, program, rest_seconds):
    """The cold outcome, and the warm ones."""
    container = await containers.get()
    try:
        cold = await container.run(shipped()[language][0], program)
        warm = [await run_warm(engine, language, program)]
        while cold.nonces() and len(warm) < NONCE_RUNS:
            await asyncio.sleep(rest_seconds)
            warm.append(await run_warm(engine, language, program))
        return cold, warm
    finally:
        containers.put_nowait(container)


def start_all(run, selected, late):
    """{name: task}. Those in `late` run after all others and a pause."""
    early = {program.name: asyncio.create_task(run(program))
             for program in selected if program.name not in late}

    async def run_late(program):
        await asyncio.gather(*early.values(), return_exceptions=True)
        await asyncio.sleep(PAUSE_SECONDS)
        return await run(program)

    return early | {program.name: asyncio.create_task(run_late(program))
                    for program in selected if program.name in late}


@pytest_asyncio.fixture(scope="module")
async def outcomes(request):
    """{name: a task whose result is the cold outcome and the warm ones}."""
    language, late = request.module.LANGUAGE, request.module.LATE
    selected = [item.callspec.params["program"] for item in request.session.items
                if item.module is request.module and hasattr(item, "callspec")]
    async with running_engine(KILN_WORKERS=AT_ONCE, KILN_POOL_SIZE=AT_ONCE) as engine, \
            cold_containers() as containers:
        await engine.wait_full()
        tasks = start_all(
            lambda program: run_both_ways(engine, containers, language, program,
                                          REST_SECONDS if program.name in late else 0),
            selected, late)
        try:
            yield tasks
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
