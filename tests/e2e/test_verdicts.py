"""Verdicts and their evidence."""
import asyncio

import pytest
import pytest_asyncio
from nats.errors import NoRespondersError

import processes
from client import Client
from engine import running_engine
from programs import printing
from waiting import eventually

MIB = 1024 * 1024


@pytest_asyncio.fixture(scope="module")
async def kiln():
    async with running_engine(KILN_POOL_SIZE=2) as engine:
        yield engine


async def test_a_busy_loop_is_a_time_limit_by_the_clock(kiln):
    reply = await kiln.client.run("c", "int main(void) { for (;;) ; }",
                                  limits={"wall_ms": 1000})
    assert reply.verdict == "time_limit", reply
    assert reply.limit["name"] == "wall_ms" and reply.limit["allowed"] == 1000
    assert 1000 <= reply.limit["measured"] < 2000
    assert 1000 <= reply.usage["wall_ms"] < 2000
    assert reply.usage["cpu_ms"] > 200
    assert reply.error == "execution error: signal: killed"


async def test_the_wall_clock_holds_when_the_cpu_quota_is_spent(kiln):
    """Eight processes spend a second's quota at once, and the agent is stopped with them."""
    code = ("import os\n"
            "for _ in range(7):\n"
            "    if os.fork() == 0:\n"
            "        break\n"
            "while True: pass\n")
    for _ in range(3):
        reply = await kiln.client.run("python", code, limits={"wall_ms": 600})
        assert reply.verdict == "time_limit" and reply.limit["name"] == "wall_ms", reply
        assert 600 <= reply.limit["measured"] < 850, reply.limit


async def test_a_sleep_is_a_time_limit_that_used_no_cpu(kiln):
    reply = await kiln.client.run("c", "#include <unistd.h>\nint main(void) { sleep(60); }",
                                  limits={"wall_ms": 1000})
    assert reply.verdict == "time_limit" and reply.limit["name"] == "wall_ms", reply
    assert 1000 <= reply.limit["measured"] < 2000
    assert reply.usage["cpu_ms"] < 50


async def test_a_cpu_limit(kiln):
    reply = await kiln.client.run("c", "int main(void) { for (;;) ; }",
                                  limits={"cpu_ms": 300, "wall_ms": 8000})
    assert reply.verdict == "time_limit", reply
    assert reply.limit["name"] == "cpu_ms" and reply.limit["allowed"] == 300
    assert 300 <= reply.limit["measured"] < 1300


async def test_a_cpu_limit_counts_all_processes(kiln):
    code = "import os\nfor _ in range(3): os.fork() or exec('while True: pass')\nos.wait()"
    reply = await kiln.client.run("python", code, limits={"cpu_ms": 500, "wall_ms": 8000})
    assert reply.verdict == "time_limit" and reply.limit["name"] == "cpu_ms", reply
    assert reply.limit["measured"] < 1500


async def test_cpu_time_is_the_sum_over_children(kiln):
    code = ("import os, time\n"
            "for _ in range(2):\n"
            "    if os.fork() == 0:\n"
            "        while time.process_time() < 0.4: pass\n"
            "        os._exit(0)\n"
            "os.wait(); os.wait()\n")
    reply = await kiln.client.run("python", code)
    assert reply.verdict == "ok" and 790 <= reply.usage["cpu_ms"] < 1100, reply


async def test_cpu_time_counts_children_that_were_not_waited_for(kiln):
    code = ("import os, time\n"
            "r, w = os.pipe()\n"
            "if os.fork() == 0:\n"
            "    while time.process_time() < 0.4: pass\n"
            "    os._exit(0)\n"
            "os.close(w)\n"
            "os.read(r, 1)\n")
    reply = await kiln.client.run("python", code)
    assert reply.verdict == "ok" and reply.usage["cpu_ms"] >= 390, reply


TOUCH_IN_C = """#include <stdlib.h>
#include <string.h>
int main(void)
{
	for (int i = 0; i < 1024; i++)
		memset(malloc(1 << 20), i + 1, 1 << 20);
	return 0;
}
"""
TOUCH_IN_PYTHON = "kept = []\nfor _ in range(1024): kept.append(b'x' * (1 << 20))\n"
TOUCH_IN_A_CHILD = ("import os, sys\nif os.fork() == 0:\n    kept = b'x' * (1 << 30)\n"
                    "sys.exit(os.wait()[1] != 0)\n")


@pytest.mark.parametrize("language, code", [
    ("c", TOUCH_IN_C), ("python", TOUCH_IN_PYTHON), ("python", TOUCH_IN_A_CHILD),
    ("javascript", "const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1));"),
], ids=["c", "python", "child", "javascript"])
async def test_one_gigabyte_is_a_memory_limit(kiln, language, code):
    reply = await kiln.client.run(language, code)
    assert reply.verdict == "memory_limit", reply
    assert reply.limit["name"] == "memory_bytes"
    assert reply.limit["allowed"] <= 400 * MIB
    assert reply.limit["measured"] >= 0.95 * reply.limit["allowed"]
    assert reply.usage["memory_bytes"] >= 0.9 * reply.limit["allowed"]


async def test_a_lower_memory_limit(kiln):
    reply = await kiln.client.run("python", TOUCH_IN_PYTHON, limits={"memory_bytes": 64 * MIB})
    assert reply.verdict == "memory_limit" and reply.limit["allowed"] == 64 * MIB, reply
    assert 0.95 * 64 * MIB <= reply.limit["measured"] < 300 * MIB
    code = "x = b'x' * (100 << 20)\nprint(len(x))"
    assert (await kiln.client.run("python", code)).verdict == "ok"


async def test_peak_memory_is_of_this_job_alone(kiln):
    big = await kiln.client.run("python", "x = b'x' * (150 << 20)")
    assert 140 * MIB <= big.usage["memory_bytes"] < 250 * MIB, big
    for _ in range(4):
        small = await kiln.client.run("python", "print(1)")
        assert small.usage["memory_bytes"] < 40 * MIB, small


async def test_a_signal_of_its_own_is_no_limit(kiln):
    reply = await kiln.client.run("c", "#include <signal.h>\nint main(void) { raise(SIGKILL); }")
    assert reply.verdict == "runtime_error" and reply.signal == "SIGKILL", reply
    assert reply.error == "execution error: signal: killed" and reply.limit is None
    for status in (124, 137, 152):
        reply = await kiln.client.run("c", f"int main(void) {{ return {status}; }}")
        assert reply.verdict == "runtime_error" and reply.exit_code == status, reply


async def test_unbounded_recursion(kiln):
    reply = await kiln.client.run(
        "c", "int f(volatile int n) { volatile char b[4096]; b[0] = n;"
        " return f(n + 1) + b[0]; }\nint main(void) { return f(0); }")
    assert reply.verdict == "runtime_error" and reply.signal == "SIGSEGV", reply


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_a_flood_is_cut_at_the_limit(kiln, stream):
    number = {"stdout": 1, "stderr": 2}[stream]
    reply = await kiln.client.run(
        "c", "#include <unistd.h>\nint main(void) { static char b[65536];"
        f" for (int i = 0; i < 65536; i++) b[i] = 'y'; for (;;) write({number}, b, 65536); }}",
        limits={"output_bytes": 100_000})
    assert reply.verdict == "output_limit", reply
    assert reply.limit["name"] == "output_bytes" and reply.limit["allowed"] == 100_000
    assert reply.limit["measured"] > 100_000
    other = {"stdout": "stderr", "stderr": "stdout"}[stream]
    assert reply.truncated == {stream: True, other: False}
    assert getattr(reply, stream) == b"y" * 100_000 and getattr(reply, other) == b""
    assert reply.usage["wall_ms"] < 2000


async def test_output_of_exactly_the_limit_is_ok(kiln):
    for limit in (1, 4096, 100_000):
        code = "import sys\nsys.stdout.write('x' * {})"
        reply = await kiln.client.run("python", code.format(limit),
                                      limits={"output_bytes": limit})
        assert reply.verdict == "ok" and reply.stdout == b"x" * limit, (limit, reply)
        assert reply.truncated == {"stdout": False, "stderr": False}
        reply = await kiln.client.run("python", code.format(limit + 1),
                                      limits={"output_bytes": limit})
        assert reply.verdict == "output_limit" and reply.stdout == b"x" * limit, (limit, reply)
        assert reply.truncated["stdout"]


async def test_one_mebibyte_of_output_is_the_default_limit(kiln):
    code = "import sys\nsys.stdout.write('x' * {})"
    exact = await kiln.client.run("python", code.format(MIB))
    assert exact.verdict == "ok" and len(exact.stdout) == MIB, exact
    over = await kiln.client.run("python", code.format(MIB + 1))
    assert over.verdict == "output_limit" and len(over.stdout) == MIB, over


async def test_a_process_limit_fails_fork_and_not_the_job(kiln):
    code = ("import os\ncount = 0\n"
            "try:\n"
            "    while True:\n"
            "        if os.fork() == 0: os.read(0, 1); os._exit(0)\n"
            "        count += 1\n"
            "except OSError as error: print(count, error.errno)\n")
    reply = await kiln.client.run("python", code, limits={"processes": 8})
    assert reply.verdict in ("ok", "time_limit"), reply
    assert int(reply.stdout.split()[0]) <= 8, reply


async def test_a_file_limit(kiln):
    code = ("#include <fcntl.h>\n#include <unistd.h>\nint main(void) { static char b[65536];"
            " int fd = open(\"big\", O_CREAT | O_WRONLY, 0600);"
            " for (int i = 0; i < 1000; i++) write(fd, b, sizeof b); }")
    reply = await kiln.client.run("c", code, limits={"file_bytes": MIB})
    assert reply.verdict == "runtime_error" and reply.signal == "SIGXFSZ", reply
    assert (await kiln.client.run("c", code.replace("1000", "8"), limits={"file_bytes": MIB})
            ).verdict == "ok"


async def test_partial_output_is_kept_on_a_time_limit(kiln):
    reply = await kiln.client.run("python", "print('so far', flush=True)\nwhile True: pass",
                                  limits={"wall_ms": 700})
    assert reply.verdict == "time_limit" and reply.stdout == b"so far\n", reply
    assert reply.output == b"so far\n"


async def test_a_compiler_that_runs_on_is_ended():
    """The program includes itself twice at each of sixty levels."""
    code = "#if __INCLUDE_LEVEL__ < 60\n#include __FILE__\n#include __FILE__\n#endif\n"
    async with running_engine(KILN_POOL_SIZE=1, KILN_COMPILER_COMPILE_WALL_MS=1000) as kiln:
        reply = await kiln.client.run("c", code)
        assert reply.verdict == "compile_error", reply
        assert reply.limit["name"] == "compile_wall_ms" and reply.limit["allowed"] == 1000
        assert 1000 <= reply.limit["measured"] < 2000
        assert reply.error == "execution error: signal: killed"
        assert 1000 <= reply.timing["compile_ms"] < 2000 and reply.timing["run_ms"] == 0
        assert (await kiln.client.run("c", printing("c", "next"))).stdout == b"next\n"


async def test_a_compiler_that_takes_too_much_memory_is_ended():
    async with running_engine(KILN_POOL_SIZE=1) as kiln:
        code = ("template<int D, long P> struct X {"
                " static constexpr long v = X<D - 1, 2 * P>::v + X<D - 1, 2 * P + 1>::v; };\n"
                "template<long P> struct X<0, P> { static constexpr long v = P; };\n"
                "static_assert(X<40, 1>::v != 0);\nint main() {}\n")
        reply = await kiln.client.run("cpp", code)
        assert reply.verdict == "compile_error", reply
        assert reply.limit["name"] in ("compile_memory_bytes", "compile_wall_ms")
        assert (await kiln.client.run("c", printing("c", "next"))).stdout == b"next\n"


async def test_busy_is_told_at_once_with_the_capacity():
    async with running_engine(KILN_POOL_SIZE=1, KILN_WORKERS=1, KILN_QUEUE_CAPACITY=2) as kiln:
        sleeper = processes.NAME_ME.format(name="busysleeper") + "import time; time.sleep(2)"
        running = asyncio.ensure_future(kiln.client.run("python", sleeper))
        await processes.wait_for_name("busysleeper")
        replies = await asyncio.gather(*(
            kiln.client.run("python", printing("python", i)) for i in range(10)))
        busy = [reply for reply in replies if reply.verdict == "busy"]
        assert len(busy) == 8, replies
        assert all(reply.error == "job queue full, max capacity: 2" for reply in busy)
        assert [reply.verdict for reply in replies if reply not in busy] == ["ok", "ok"]
        assert (await running).verdict == "ok"


async def test_a_job_that_waits_too_long_is_answered_busy():
    """The image does not exist: no container will ever come."""
    async with running_engine(start=False, KILN_POOL_SIZE=1, KILN_IMAGE="kiln/no-such-image:none",
                              KILN_QUEUE_WAIT_MS=1000) as kiln:
        await kiln.spawn()
        kiln.client = await Client().connect(kiln.nats.url)

        async def answered():
            try:
                return await kiln.client.run("python", "print(1)")
            except NoRespondersError:  # until kilnd has subscribed
                return None
        reply = await eventually(answered, 20, "an answer")
        assert reply.verdict == "busy", reply
        assert reply.timing["total_ms"] < 3000


async def test_internal_error_when_every_container_dies_under_the_job():
    async with running_engine(KILN_POOL_SIZE=1, KILN_WORKERS=1) as kiln:
        name = "doomedjob"
        code = processes.NAME_ME.format(name=name) + "import time; time.sleep(8)"
        job = asyncio.ensure_future(kiln.client.run("python", code))
        while not job.done():
            await eventually(lambda: job.done() or processes.named(name), 30, "the job runs")
            for container in kiln.containers() if not job.done() else []:
                kiln.docker.remove(container)
            await eventually(lambda: job.done() or not processes.named(name), 10, "it died")
        reply = await job
        assert reply.verdict == "internal_error" and reply.error, reply
        assert (await kiln.client.run("python", "print('heals')")).stdout == b"heals\n"


async def test_verdicts_of_jobs_side_by_side_do_not_mix(kiln):
    programs = {
        "ok": ("print(1)", {}),
        "runtime_error": ("raise SystemExit(1)", {}),
        "time_limit": ("while True: pass", {"wall_ms": 400}),
        "memory_limit": (TOUCH_IN_PYTHON, {"memory_bytes": 64 * MIB}),
        "output_limit": ("print('x' * 100000)", {"output_bytes": 1000}),
    }
    expected = list(programs) * 4
    replies = await asyncio.gather(*(
        kiln.client.run("python", programs[verdict][0], limits=programs[verdict][1])
        for verdict in expected))
    assert [reply.verdict for reply in replies] == expected
