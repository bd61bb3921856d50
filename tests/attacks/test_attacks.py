"""Every attack of the table: three times in a row beside a neighbour, who must not notice, and
once more in a pool of one, where the next job runs in the very same container."""
import pytest
import pytest_asyncio

import processes
from attacks import ATTACKS
from target import GROWTH_OVER_ALL, target
from tier import TIER

TIMES = 3
EXPECTED = [attack.on(TIER) for attack in ATTACKS]


@pytest_asyncio.fixture(scope="module")
async def alone():
    async with target(pool_size=1) as one:
        yield one


@pytest_asyncio.fixture(scope="module")
async def beside():
    async with target(pool_size=2) as two:
        yield two


@pytest.mark.parametrize("attack", EXPECTED, ids=str)
async def test_alone(alone, attack):
    await alone.run(attack)


@pytest.mark.parametrize("attack", EXPECTED, ids=str)
async def test_beside_a_neighbour(beside, attack):
    async with beside.neighbour():
        replies = [await beside.run(attack) for _ in range(TIMES)]
    if attack.same:
        assert len({(reply.verdict, reply.stdout) for reply in replies}) == 1, replies


async def test_kilnd_has_not_grown(alone, beside):
    for under_attack in (alone, beside):
        grown = processes.resident_bytes(under_attack.engine.pid) - under_attack.resident
        assert grown <= GROWTH_OVER_ALL, f"by {grown} bytes since {under_attack.resident}"
