"""A warm hello beside the same file on the bare machine and through docker exec."""
import asyncio
import json
import statistics
import time

import pytest

from dockerapi import Docker
from engine import IMAGE, running_engine

ROUNDS = 60

pytestmark = [pytest.mark.figures, pytest.mark.bench]

# Runs in the image: starts a program ROUNDS times and prints how many milliseconds each took.
TIMER = """
import json, os, sys, time
took = []
null = os.open('/dev/null', os.O_WRONLY)
for _ in range(int(sys.argv[1])):
    start = time.perf_counter()
    pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ,
                         file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
    os.waitpid(pid, 0)
    took.append(1000 * (time.perf_counter() - start))
print(json.dumps(took))
"""

HELLO = {
    "python": ("print('hello')", "/usr/bin/python3"),
    "javascript": ("console.log('hello')", "/usr/bin/node"),
}


def bare_and_exec(interpreter, code):
    """p50 in milliseconds of the program started in the image, and through docker exec."""
    docker = Docker()
    container = docker.create(IMAGE, ["/bin/sleep", "600"])
    try:
        status, output = docker.exec(
            container, ["/usr/bin/python3", "-c", f"open('/tmp/hello','w').write({code!r})"])
        assert status == 0, output
        status, output = docker.exec(
            container, ["/usr/bin/python3", "-c", TIMER, str(ROUNDS), interpreter, "/tmp/hello"])
        assert status == 0, output
        through_exec = []
        for _ in range(15):
            start = time.perf_counter()
            status, hello = docker.exec(container, [interpreter, "/tmp/hello"])
            through_exec.append(1000 * (time.perf_counter() - start))
            assert (status, hello) == (0, b"hello\n")
        return statistics.median(json.loads(output)), statistics.median(through_exec)
    finally:
        docker.remove(container)


async def measure(kiln, language):
    """Medians in milliseconds: through Kiln, started in the image, through docker exec."""
    code, interpreter = HELLO[language]
    bare, through_exec = await asyncio.to_thread(bare_and_exec, interpreter, code)
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        reply = await kiln.client.run(language, code)
        took.append(1000 * (time.perf_counter() - start))
        assert reply.stdout == b"hello\n"
    kiln_ms = statistics.median(took)
    print(f"\n{language}: p50 Kiln {kiln_ms:.1f} ms, slowest {max(took):.1f} ms; "
          f"bare {bare:.1f} ms; docker exec {through_exec:.1f} ms")
    return kiln_ms, bare, through_exec


@pytest.mark.parametrize("language, surplus_ms, times_faster",
                         [("python", 4, 3), ("javascript", 25, 1)])
async def test_a_warm_hello(language, surplus_ms, times_faster):
    """What else the machine does at the moment only ever adds: the best of three has to hold."""
    async with running_engine() as kiln:
        await kiln.wait_full()
        seen = []
        for _ in range(3):
            kiln_ms, bare, through_exec = await measure(kiln, language)
            seen.append((kiln_ms, bare, through_exec))
            if kiln_ms <= bare + surplus_ms and kiln_ms * times_faster <= through_exec:
                return
        raise AssertionError(f"p50 of Kiln, bare, docker exec in ms: {seen}")
