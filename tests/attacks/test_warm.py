"""Row 34: programs that start from one warm process share nothing that was drawn by chance."""
import asyncio

import pytest
import pytest_asyncio

from attack import language_of, source
from target import target


@pytest_asyncio.fixture(scope="module")
async def two():
    async with target(pool_size=2) as engine:
        yield engine


ZYGOTE_RENEWAL_SECONDS = 1.8
HASH_COLUMN = ("34_random.py", 2)


@pytest.mark.parametrize("program", ["34_random.py", "34_random.js"])
async def test_row_34_chance_differs_from_job_to_job(two, program):
    async def run():
        reply = await two.client.run(language_of(program), source(program))
        assert reply.verdict == "ok", reply
        return reply.stdout.split()

    # One after the other in whichever container, and side by side.
    spaced = []
    for _ in range(4):
        spaced.append(await run())
        await asyncio.sleep(ZYGOTE_RENEWAL_SECONDS)
    jobs = spaced + await asyncio.gather(*(run() for _ in range(4)))
    columns = list(zip(*jobs, strict=True))
    assert len(columns) >= 5
    for number, column in enumerate(columns):
        # Programs that are forked from one zygote have its hash seed; it is replaced in any pause.
        told = column[:len(spaced)] if (program, number) == HASH_COLUMN else column
        assert len(set(told)) == len(told), column
