"""The compile cache: the same sources are compiled once, and nobody can tell but by the clock and by
`compile.cached`."""
import asyncio
import json
import statistics
import time

import pytest
import pytest_asyncio

from dockerapi import Docker
from engine import IMAGE, running_engine
from programs import printing, shipped
from waiting import eventually

COMPILED = [name for name, (manifest, _, _) in shipped().items() if "compile" in manifest]
SETTINGS = {"KILN_POOL_SIZE": 2, "KILN_WORKERS": 2, "KILN_COMPILER_COMPILE_WALL_MS": 30_000}
MIB = 1 << 20


@pytest_asyncio.fixture(scope="module")
async def kiln():
    async with running_engine(**SETTINGS) as engine:
        yield engine


async def run_cached(kiln, *args, **kwargs):
    """Once the cache has it, which is soon after the first reply."""
    async def cached():
        reply = await kiln.client.run(*args, **kwargs)
        assert reply.compile is not None, reply
        return reply if reply.compile["cached"] else None
    return await eventually(cached, 30, "a reply from the cache")


async def run_twice(kiln, *args, **kwargs):
    first = await kiln.client.run(*args, **kwargs)
    assert first.compile["cached"] is False, first
    return first, await run_cached(kiln, *args, **kwargs)


async def is_cached(kiln, *args, **kwargs):
    return (await kiln.client.run(*args, **kwargs)).compile["cached"]


async def settle(kiln):
    """The containers have handed over what they had: both take a job, one after the other's end."""
    await asyncio.gather(*(kiln.client.run("python", "import time; time.sleep(0.2)")
                           for _ in range(4)))


@pytest.mark.parametrize("name", COMPILED)
async def test_the_second_reply_is_the_first_but_for_the_compile(kiln, name):
    first, second = await run_twice(kiln, name, printing(name, f"twice {name}"))
    for reply in first, second:
        assert reply.verdict == "ok" and reply.stdout == f"twice {name}\n".encode(), reply
    assert first.compile["time_ms"] > 10 and second.compile["time_ms"] == 0
    assert second.timing["compile_ms"] == 0 and second.compile["exit_code"] == 0
    assert {**first.compile, "time_ms": 0, "cached": True} == second.compile


async def test_warnings_are_repeated(kiln):
    code = '#warning "careful: é"\n#include <stdio.h>\nint main(void) { puts("ran"); }\n'
    first, second = await run_twice(kiln, "c", code)
    assert "careful".encode() in first.compile_output
    assert first.compile_output == second.compile_output
    assert first.output == second.output and second.output.endswith(b"ran\n"), second


async def test_arguments_and_input_do_not_count(kiln):
    code = ('#include <stdio.h>\nint main(int n, char **v) '
            '{ printf("%d %s %c\\n", n, v[1], getchar()); }\n')
    await run_twice(kiln, "c", code, args=["one"], stdin="1")
    reply = await kiln.client.run("c", code, args=["two", "more"], stdin="2")
    assert reply.compile["cached"] and reply.stdout == b"3 two 2\n", reply


async def test_what_decides_a_compile_counts(kiln):
    code = '#include "n.h"\n#include <stdio.h>\nint main(void) { printf("%d\\n", N); }\n'
    await run_twice(kiln, "c", code, files={"n.h": "#define N 1\n"})
    others = [
        ("c", code, {"n.h": "#define N 2\n"}, b"2\n"),
        ("c", code + "\n", {"n.h": "#define N 1\n"}, b"1\n"),
        ("c", code, {"n.h": "#define N 1\n", "data": "x"}, b"1\n"),
        ("cpp", code, {"n.h": "#define N 1\n"}, b"1\n"),
    ]
    for language, source, files, expected in others:
        reply = await kiln.client.run(language, source, files=files)
        assert reply.compile["cached"] is False and reply.stdout == expected, reply
    reply = await kiln.client.run("c", code, files={"n.h": "#define N 1\n"})
    assert reply.compile["cached"] and reply.stdout == b"1\n", reply


LOOK_ROUND = r"""
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
static int one(const struct dirent *e) { return e->d_name[0] != '.'; }
static void look(const char *path, int depth) {
    struct dirent **list;
    int count = scandir(path, &list, one, alphasort);
    for (int i = 0; i < count; i++) {
        char name[600];
        struct stat s;
        snprintf(name, sizeof name, "%s/%s", path, list[i]->d_name);
        lstat(name, &s);
        printf("%s %o %d %d %ld\n", name, s.st_mode, s.st_uid == s.st_gid, (int)s.st_nlink,
               S_ISDIR(s.st_mode) ? 0L : (long)s.st_size);
        if (S_ISDIR(s.st_mode) && depth < 5) look(name, depth + 1);
    }
}
int main(void) { look("/workspace", 0); look("/tmp", 0); look("/dev/shm", 0); }
"""


async def test_the_program_finds_the_same_files(kiln):
    """Sources and data among them, and a file that the compiler has written over."""
    files = {"data/in.txt": "data", "helper.h": "", "main": "not a program"}
    first, second = await run_twice(kiln, "c", LOOK_ROUND, files=files)
    assert first.stdout == second.stdout, (first.stdout, second.stdout)
    assert b"/workspace/data/in.txt" in first.stdout and b"main.c" in first.stdout
    assert b"/workspace/main 100755" in first.stdout


async def test_memory_is_counted_as_after_a_compile(kiln):
    """What was there before the program is not its own, wherever it came from."""
    first, second = await run_twice(kiln, "go", printing("go", "memory"))
    difference = second.raw["usage"]["memory_bytes"] - first.raw["usage"]["memory_bytes"]
    assert abs(difference) < MIB, (first.raw["usage"], second.raw["usage"])


async def test_errors_of_the_compiler_are_not_kept(kiln):
    for _ in range(3):
        reply = await kiln.client.run("c", "int main(void) { return undeclared; }")
        assert reply.verdict == "compile_error" and reply.compile["cached"] is False, reply


async def test_a_program_that_fails_was_compiled_well(kiln):
    first, second = await run_twice(kiln, "c", "int main(void) { return 3; }")
    assert first.verdict == second.verdict == "runtime_error"
    assert second.exit_code == 3, second


OVERWRITES = r"""
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/stat.h>
int main(void) {
    unlink("main");
    int fd = open("main", O_WRONLY | O_CREAT | O_TRUNC, 0755);
    write(fd, "#!/bin/sh\necho poisoned\n", 24);
    close(fd);
    fd = open("main.c", O_WRONLY | O_TRUNC);
    write(fd, "int main(void) { return 66; }", 29);
    close(fd);
    puts("clean");
}
"""


async def test_a_program_that_writes_over_itself_poisons_nothing(kiln):
    first, second = await run_twice(kiln, "c", OVERWRITES)
    assert first.stdout == second.stdout == b"clean\n"
    for _ in range(4):
        reply = await kiln.client.run("c", OVERWRITES)
        assert reply.compile["cached"] and reply.stdout == b"clean\n", reply


async def test_limits_hold_for_a_program_from_the_cache(kiln):
    await run_twice(kiln, "c", "int main(int n, char **v) { while (n > 1) ; return 0; }")
    reply = await kiln.client.run("c", "int main(int n, char **v) { while (n > 1) ; return 0; }",
                                  args=["spin"], limits={"wall_ms": 300})
    assert reply.compile["cached"] and reply.verdict == "time_limit", reply


async def test_the_job_s_line_in_the_log_says_it(kiln):
    await run_twice(kiln, "c", printing("c", "logged"), id="logged")

    def cached():
        lines = [json.loads(line) for line in kiln.log().splitlines(True)
                 if b'"logged"' in line and line.endswith(b"\n")]
        return [line["cached"] for line in lines if line.get("message") == "job done"]
    # The line is written when the reply is out.
    await eventually(lambda: len(cached()) >= 2 and cached()[-1], 5, "both lines")
    assert cached()[0] is False


async def test_an_interpreter_has_nothing_to_do_with_it(kiln):
    for _ in range(2):
        assert (await kiln.client.run("python", "print(1)")).compile is None


async def test_many_at_once_of_one_source(kiln):
    """Those that come while the first compiles are compiled too; each gets its own reply."""
    code = printing("c", "together")
    replies = await asyncio.gather(*(kiln.client.run("c", code) for _ in range(20)))
    assert all(reply.stdout == b"together\n" for reply in replies)
    assert replies[0].compile["cached"] is False
    assert sum(reply.compile["cached"] for reply in replies) >= 10


async def test_its_bytes_are_bounded():
    """A C program takes 8 KiB or more: a few fit, the last of them."""
    async with running_engine(**SETTINGS, KILN_COMPILE_CACHE_BYTES=50_000) as kiln:
        codes = [printing("c", f"program {i}") for i in range(12)]
        for code in codes:
            assert await is_cached(kiln, "c", code) is False
        await settle(kiln)
        assert await is_cached(kiln, "c", codes[-1]) is True
        assert await is_cached(kiln, "c", codes[0]) is False
        # A Go program is larger than all of it, and is compiled every time.
        for _ in range(2):
            assert await is_cached(kiln, "go", printing("go", "large")) is False
            await settle(kiln)


async def test_it_can_be_turned_off():
    async with running_engine(**SETTINGS, KILN_COMPILE_CACHE_BYTES=0) as kiln:
        for _ in range(3):
            assert await is_cached(kiln, "c", printing("c", "off")) is False
            await settle(kiln)


async def test_a_restart_empties_it():
    async with running_engine(**SETTINGS) as kiln:
        await run_twice(kiln, "c", printing("c", "restart"))
        await kiln.terminate()
        await kiln.spawn()
        await kiln.wait_ready()
        assert await is_cached(kiln, "c", printing("c", "restart")) is False
        assert b'"message":"compile cache"' in kiln.log()


async def test_over_attached_stdio():
    async with running_engine(**SETTINGS, KILN_CHANNEL="attach") as kiln:
        for name in ("c", "go"):
            _, second = await run_twice(kiln, name, printing(name, "attached"))
            assert second.stdout == b"attached\n", second


async def test_another_image_is_another_compiler():
    """The image under the same name changes; the flags of its compiler with it."""
    docker = Docker()
    name = f"kiln/other-flags-{int(time.time())}"
    code = "#include <stdio.h>\nint main(void) { printf(\"%d\\n\", FLAG); }\n"

    async def build(flag):
        lines = (f"FROM {IMAGE}\nUSER 0\nRUN sed -i 's/\"-O2\"/\"-O2\", \"-DFLAG={flag}\"/' "
                 "/opt/kiln/languages/c/language.json\n")
        process = await asyncio.create_subprocess_exec(
            "docker", "--host", f"unix://{docker.path}", "build", "--quiet", "--force-rm", "--tag",
            name, "-", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT)
        output = (await process.communicate(lines.encode()))[0]
        assert process.returncode == 0, output

    await build(1)
    try:
        # Each container serves a few jobs, so that those of the new image come soon.
        async with running_engine(**SETTINGS, KILN_IMAGE=name, KILN_JOBS_PER_CONTAINER=4) as kiln:
            first = await kiln.client.run("c", code)
            assert first.stdout == b"1\n", first
            await build(2)
            seen = []

            async def changed():
                reply = await kiln.client.run("c", code)
                seen.append((reply.stdout, reply.compile["cached"]))
                return reply.stdout == b"2\n"
            await eventually(changed, 60, "a container of the new image")
            assert (b"1\n", True) in seen and seen[-1] == (b"2\n", False), seen
    finally:
        process = await asyncio.create_subprocess_exec(
            "docker", "--host", f"unix://{docker.path}", "image", "rm", "--force", name,
            stdout=asyncio.subprocess.DEVNULL)
        await process.wait()


# Milliseconds from request to reply.
FIGURES = {"c": 3, "cpp": 5, "go": 5}


@pytest.mark.figures
@pytest.mark.bench
@pytest.mark.parametrize("name", FIGURES)
async def test_a_source_that_was_seen_before(kiln, name):
    """What else the machine does at the moment only ever adds: the best of ten has to hold."""
    _, code, expected = shipped()[name]
    await run_cached(kiln, name, code)
    medians = []
    for _ in range(10):
        took = []
        for _ in range(30):
            start = time.perf_counter()
            reply = await kiln.client.run(name, code)
            took.append(1000 * (time.perf_counter() - start))
            assert reply.compile["cached"] and reply.stdout == expected, reply
        medians.append(statistics.median(took))
        print(f"\n{name}: p50 {medians[-1]:.2f} ms, slowest {max(took):.1f} ms")
        if medians[-1] <= FIGURES[name]:
            return
    raise AssertionError(f"medians in ms: {medians}")
