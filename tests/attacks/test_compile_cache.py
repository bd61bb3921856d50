"""Row 39: what a compile step that runs the request's code can put where the compile cache takes the
compiler's output from. Whatever is not plainly that is not kept, and so compiled each time."""
import pytest
import pytest_asyncio

from attack import source
from attacks import OPEN_COMPILER, instead_of_the_output
from open_compiler import open_compiler
from target import target
from waiting import eventually

TIMES = 3

# A folder of the request's own, where the compiler may hide a second name.
FOLDER = {"folder/data": ""}

RUNS_ALL_THE_SAME = {
    "a second name": "ln main folder/second",
    "a file beside it": "echo left >beside",
    "a file elsewhere": "echo left >/tmp/beside",
    "a file in shared memory": "echo left >/dev/shm/beside",
    "a terabyte of nothing": "truncate -s 1T main",
    "17 MiB": "head -c 17825792 /dev/zero >>main",
    "set-uid": "chmod 4755 main",
    "for others to write": "chmod 777 main",
}
DOES_NOT_RUN = {
    "a link to a program": "mv main folder/hidden; ln -s /opt/kiln/bin/kiln-agent main",
    "a link to a secret": "ln -sf /etc/shadow main",
    "a link to the host": "ln -sf /proc/1/root/main main",
    "a FIFO": "rm main; mkfifo main",
    "a folder": "rm main; mkdir main",
    "nothing": "rm main",
    "empty": ": >main",
    "without rights": "chmod 0 main",
}


@pytest_asyncio.fixture(scope="module")
async def one():
    async with open_compiler() as image, \
            target(pool_size=1, KILN_COMPILER_COMPILE_WALL_MS=20_000, KILN_IMAGE=image) as engine:
        yield engine


async def compile_with(one, command):
    return await one.client.run("c", source("16_wrapper.c"),
                                files=instead_of_the_output(command) | FOLDER)


@pytest.mark.parametrize("what", RUNS_ALL_THE_SAME)
async def test_row_39_a_program_that_is_not_kept(one, what):
    for _ in range(TIMES):
        reply = await compile_with(one, RUNS_ALL_THE_SAME[what])
        assert reply.verdict == "ok" and reply.stdout == b"the program itself\n", reply
        assert reply.compile["cached"] is False, reply


@pytest.mark.parametrize("what", DOES_NOT_RUN)
async def test_row_39_no_program_at_all(one, what):
    for _ in range(TIMES):
        reply = await compile_with(one, DOES_NOT_RUN[what])
        assert reply.verdict in ("compile_error", "runtime_error"), reply
        assert reply.compile["cached"] is False and b"root:" not in reply.output, reply


async def test_row_39_all_that_it_takes_to_be_kept(one):
    """The same way of compiling, and nothing else done: what keeps the others out is what they do."""
    async def cached():
        reply = await compile_with(one, "true")
        assert reply.verdict == "ok" and reply.stdout == b"the program itself\n", reply
        return reply.compile["cached"]
    await eventually(cached, 10, "a compile that is kept")


async def test_row_39_what_outlives_the_compiler_is_late(one):
    """A process that waits for the copy to be taken, to write over the program then."""
    late = "(setsid /bin/sh -c 'sleep 0.05; echo poisoned >main' >/dev/null 2>&1 &)"

    async def cached():
        reply = await compile_with(one, late)
        assert reply.verdict == "ok" and reply.stdout == b"the program itself\n", reply
        return reply.compile["cached"]
    await eventually(cached, 10, "a compile that is kept")


@pytest.mark.parametrize("attack", OPEN_COMPILER, ids=str)
async def test_row_16_and_36_with_an_open_compiler(one, attack):
    await one.run(attack)


async def test_row_39_options_in_the_name_of_a_file():
    """A file whose name is one for options, to the compiler, is not given to the compiler."""
    async with target(pool_size=1) as engine:
        reply = await engine.client.run("c", source("16_wrapper.c"), files={
            "@16_options.c": "", "16_options.c": "#pragma -fno-such-option\n"})
        assert reply.verdict == "ok" and "no-such" not in reply.compile["output"], reply
