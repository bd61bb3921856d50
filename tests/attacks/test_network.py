"""Row 21: nobody is within reach, not even what listens on the host of the container."""
import asyncio
import contextlib
import os
import socket

import pytest_asyncio

from attack import Attack
from target import target

ABSTRACT = f"kiln-attacks-{os.getpid()}"


@pytest_asyncio.fixture(scope="module")
async def alone():
    async with target(pool_size=1) as one:
        yield one


def addresses_of_this_host():
    """Those that a container could have a route to."""
    found = {"127.0.0.1", "::1"}
    with contextlib.suppress(OSError):
        for *_, address in socket.getaddrinfo(socket.gethostname(), None):
            found.add(address[0].split("%")[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outside:
        with contextlib.suppress(OSError):
            outside.connect(("192.0.2.1", 9))
            found.add(outside.getsockname()[0])
    return sorted(found)


class Doors:
    """What listens on the host, and counts who comes."""

    def __init__(self):
        self.visitors = 0
        self.servers = []
        self.targets = []

    async def _visit(self, _, writer):
        self.visitors += 1
        writer.close()

    async def open(self):
        for host in ("0.0.0.0", "::"):
            with contextlib.suppress(OSError):
                server = await asyncio.start_server(self._visit, host)
                self.servers.append(server)
                port = server.sockets[0].getsockname()[1]
                self.targets += [
                    f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
                    for address in addresses_of_this_host() if (":" in address) == (host == "::")]
        self.servers.append(await asyncio.start_unix_server(self._visit, f"\0{ABSTRACT}"))
        self.targets.append(f"@{ABSTRACT}")

    async def close(self):
        for server in self.servers:
            server.close()
            await server.wait_closed()


@contextlib.asynccontextmanager
async def open_doors():
    doors = Doors()
    await doors.open()
    try:
        yield doors
    finally:
        await doors.close()


async def knock(name):
    _, writer = await asyncio.open_unix_connection(f"\0{name}")
    writer.close()


async def test_row_21_nobody_is_reached(alone):
    nats = alone.engine.nats.url.removeprefix("nats://")
    async with open_doors() as doors:
        await knock(ABSTRACT)
        await asyncio.sleep(0.05)
        assert doors.visitors == 1, "the doors are open to whoever can reach them"
        attack = Attack(21, "connect", "21_connect.py", {"ok"}, args=(nats, *doors.targets),
                        stdout=b"tried\n", stderr=b"", seconds=8)
        for _ in range(3):
            await alone.run(attack)
        await asyncio.sleep(0.1)
        assert doors.visitors == 1
