"""Input and output to the byte, whatever the bytes are."""
import asyncio
import itertools
import random

import pytest_asyncio

from client import PROBLEMS
from engine import running_engine
from programs import ALIASES, printing

MIB = 1024 * 1024
WRITE = "import sys\nsys.stdout.buffer.write({!r})"
ECHO = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())"


@pytest_asyncio.fixture(scope="module")
async def kiln():
    async with running_engine(KILN_POOL_SIZE=2) as engine:
        yield engine


async def test_output_that_is_not_utf8_is_base64(kiln):
    for data in (b"\xff\xfe", b"ok \x80 ok", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
                 b"cut \xe2\x82", bytes(range(256))):
        reply = await kiln.client.run("python", WRITE.format(data))
        assert reply.verdict == "ok" and reply.raw["encoding"] == "base64", (data, reply)
        assert reply.stdout == data and reply.output == data, data


async def test_output_that_is_utf8_is_text(kiln):
    for data in (b"\0", b"a\0b\0", b"\x01\x1f\x7f", "é€😀\u2028\ufeff\uffff".encode(),
                 b"\r\n\t\x1b[31mred\x1b[0m", b'"\\/', b"\n"):
        reply = await kiln.client.run("python", WRITE.format(data))
        assert reply.verdict == "ok" and reply.raw["encoding"] == "utf8", (data, reply)
        assert reply.stdout == data and reply.output == data, data


async def test_one_stream_that_is_not_utf8_makes_all_fields_base64(kiln):
    reply = await kiln.client.run("python", "import sys\nprint('text', flush=True)\n"
                                  "sys.stderr.buffer.write(b'\\xff')")
    assert reply.raw["encoding"] == "base64"
    assert reply.stdout == b"text\n" and reply.stderr == b"\xff"
    assert reply.output == b"text\n\xff"


async def test_a_character_that_is_split_between_writes(kiln):
    code = ("import os, time\n"
            "for byte in '€😀é'.encode():\n"
            "    os.write(1, bytes([byte]))\n"
            "    time.sleep(0.01)\n")
    reply = await kiln.client.run("python", code)
    assert reply.raw["encoding"] == "utf8" and reply.stdout.decode() == "€😀é", reply


async def test_a_character_across_a_read_of_any_size(kiln):
    for lead in (4095, 8191, 32767, 65535):
        reply = await kiln.client.run("python", f"print('x' * {lead} + '€' * 20000, end='')")
        assert reply.raw["encoding"] == "utf8"
        assert reply.stdout.decode() == "x" * lead + "€" * 20000, lead


async def test_a_limit_that_cuts_a_character_says_so_in_bytes(kiln):
    reply = await kiln.client.run("python", "print('€' * 100, end='')",
                                  limits={"output_bytes": 100})
    assert reply.verdict == "output_limit" and reply.truncated["stdout"], reply
    assert ("€" * 100).encode().startswith(reply.stdout)
    assert 99 <= len(reply.stdout) <= 100


async def test_one_mebibyte_of_input_comes_back(kiln):
    data = random.Random(1).randbytes(MIB)
    reply = await kiln.client.run("python", ECHO, stdin=data, subject=PROBLEMS)
    assert reply.verdict == "ok" and reply.stdout == data, reply.error


async def test_input_of_every_byte_value(kiln):
    for data in (b"", b"\0", b"\n", bytes(range(256)) * 300, b"no newline at the end"):
        reply = await kiln.client.run("python", ECHO, stdin=data)
        assert reply.verdict == "ok" and reply.stdout == data


async def test_input_that_is_not_read(kiln):
    reply = await kiln.client.run("python", "print('done')", stdin=b"x" * MIB)
    assert reply.verdict == "ok" and reply.stdout == b"done\n"
    assert reply.usage["wall_ms"] < 2000


async def test_no_input_is_an_end_of_file_at_once(kiln):
    reply = await kiln.client.run("python", "import sys\nprint(repr(sys.stdin.read()))")
    assert reply.stdout == b"''\n"


async def test_one_mebibyte_of_output(kiln):
    code = ("import random, sys\n"
            f"sys.stdout.buffer.write(random.Random(7).randbytes({MIB}))")
    reply = await kiln.client.run("python", code)
    assert reply.verdict == "ok" and reply.stdout == random.Random(7).randbytes(MIB)
    assert reply.output == reply.stdout


async def test_empty_programs(kiln):
    for language in ("python", "javascript"):
        for code in ("", "\n"):
            reply = await kiln.client.run(language, code)
            assert reply.verdict == "ok" and reply.output == b"", (language, reply)
    for language in ("c", "cpp", "go"):
        reply = await kiln.client.run(language, "")
        assert reply.verdict == "compile_error" and reply.output, (language, reply)


async def test_empty_output(kiln):
    reply = await kiln.client.run("c", "int main(void) { return 0; }")
    assert reply.verdict == "ok"
    assert reply.raw["output"] == reply.raw["stdout"] == reply.raw["stderr"] == ""


async def test_code_with_unusual_bytes(kiln):
    reply = await kiln.client.run("python", "print('ünï', '😀')\r\nprint('\\r')\r\n")
    assert reply.stdout.decode() == "ünï 😀\n\r\n", reply
    reply = await kiln.client.run("c", b'#include <stdio.h>\nint main(void) '
                                       b'{ fputs("\xff\xfe", stdout); return 0; }\n')
    assert reply.stdout == b"\xff\xfe", reply


async def test_five_megabytes_without_a_newline(kiln):
    reply = await kiln.client.run("python", "import sys\nsys.stdout.write('a' * 5_000_000)")
    assert reply.verdict == "output_limit" and reply.stdout == b"a" * MIB, reply
    assert reply.truncated["stdout"]


async def test_both_streams_flooded(kiln):
    code = ("import os\n"
            "for _ in range(3):\n"
            "    os.fork()\n"
            "while True:\n"
            "    os.write(1, b'o' * 65536)\n"
            "    os.write(2, b'e' * 65536)\n")
    reply = await kiln.client.run("python", code)
    assert reply.verdict == "output_limit", reply
    assert set(reply.stdout) == {ord("o")} and set(reply.stderr) == {ord("e")}
    assert len(reply.stdout) <= MIB and len(reply.stderr) <= MIB
    assert MIB in (len(reply.stdout), len(reply.stderr))


async def test_streams_are_interleaved_as_they_were_written(kiln):
    code = ("import os, time\n"
            "for i in range(5):\n"
            "    os.write(1, b'out%d\\n' % i); time.sleep(0.02)\n"
            "    os.write(2, b'err%d\\n' % i); time.sleep(0.02)\n")
    reply = await kiln.client.run("python", code)
    assert reply.output == b"".join(b"out%d\nerr%d\n" % (i, i) for i in range(5)), reply
    assert reply.stdout == b"".join(b"out%d\n" % i for i in range(5))


async def test_a_grandchild_that_keeps_standard_output_open(kiln):
    code = ("import os, time\n"
            "print('parent', flush=True)\n"
            "if os.fork() == 0:\n"
            "    time.sleep(30)\n")
    reply = await kiln.client.run("python", code)
    assert reply.verdict == "ok" and reply.stdout == b"parent\n", reply
    assert reply.usage["wall_ms"] < 1500 and reply.timing["total_ms"] < 3000


async def test_what_a_child_wrote_before_the_end_is_kept(kiln):
    code = ("import os\n"
            "r, w = os.pipe()\n"
            "if os.fork() == 0:\n"
            "    os.write(1, b'c' * 50000)\n"
            "    os.write(w, b'x')\n"
            "    os.setsid()\n"
            "    while True: os.read(r, 0)\n"
            "os.read(r, 1)\n")
    reply = await kiln.client.run("python", code)
    assert reply.verdict == "ok" and reply.stdout == b"c" * 50000, reply


async def test_closed_streams_do_not_end_a_job(kiln):
    code = ("#include <unistd.h>\n"
            "int main(void) { close(0); close(1); close(2); for (;;) ; }")
    reply = await kiln.client.run("c", code, limits={"wall_ms": 800})
    assert reply.verdict == "time_limit" and reply.limit["measured"] >= 800, reply


async def test_each_byte_of_a_stream_arrives_once(kiln):
    code = "for i in range(60000): print(i)"
    replies = await asyncio.gather(*(kiln.client.run("python", code) for _ in range(6)))
    expected = "".join(f"{i}\n" for i in range(60000)).encode()
    assert all(reply.stdout == expected for reply in replies)


async def test_many_small_writes_to_both_streams(kiln):
    code = ("#include <unistd.h>\n"
            "int main(void) { for (int i = 0; i < 20000; i++)"
            ' { write(1, "o", 1); write(2, "e", 1); } }')
    reply = await kiln.client.run("c", code)
    assert reply.verdict == "ok", reply
    assert reply.stdout == b"o" * 20000 and reply.stderr == b"e" * 20000
    assert sorted(reply.output) == sorted(reply.stdout + reply.stderr)


async def test_the_same_bytes_in_every_language(kiln):
    text = "zwölf € 😀 %s %d \\\\"
    replies = await asyncio.gather(*(
        kiln.client.run(name, printing(name, text)) for name in ALIASES))
    for name, reply in zip(ALIASES, replies):
        assert reply.stdout == text.replace("\\\\", "\\").encode() + b"\n", (name, reply)
    assert len({reply.stdout for reply in replies}) == 1


async def test_input_and_output_larger_than_every_buffer_at_once(kiln):
    """A writer that fills its pipe while its reader fills the other one must not block."""
    code = ("import sys\n"
            "for block in iter(lambda: sys.stdin.buffer.read(1000), b''):\n"
            "    sys.stdout.buffer.write(block.upper())\n")
    data = bytes(itertools.islice(itertools.cycle(b"abcdefghij\n"), 900_000))
    reply = await kiln.client.run("python", code, stdin=data)
    assert reply.verdict == "ok" and reply.stdout == data.upper()


async def test_standard_streams_can_be_opened_by_name(kiln):
    code = "process.stdout.write(require('fs').readFileSync('/dev/stdin'))"
    reply = await kiln.client.run("javascript", code, stdin=b"by name")
    assert reply.verdict == "ok" and reply.stdout == b"by name", reply
