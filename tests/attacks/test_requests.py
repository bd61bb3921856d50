"""Rows 17 and 38: hostile messages. Each gets one reply, at once, that says what is wrong."""
import asyncio
import base64
import json

import nats
import pytest
import pytest_asyncio

import processes
from client import COMPILER, PROBLEMS, Client, request_body
from engine import running_engine
from natsserver import NatsServer
from reply import Reply
from slot import MIB

# The most that nats-server takes is more than any client should send.
HUGE = 100 * MIB
SECONDS = 5
GROWTH = 16 * MIB


@pytest_asyncio.fixture(scope="module")
async def kiln():
    server = await NatsServer(max_payload=200 * MIB).start()
    try:
        async with running_engine(nats=server, KILN_POOL_SIZE=1) as engine:
            yield engine
    finally:
        await server.close()


async def refused(kiln, data, *texts, subject=COMPILER):
    """The reply to something that must be refused, and says each of the texts."""
    reply = await kiln.client.ask_reply(data, subject=subject, timeout=SECONDS)
    assert reply.verdict == "rejected", reply
    assert all(text in reply.error for text in texts), reply
    assert 0 < len(reply.error) < 300 and "\n" not in reply.error, reply
    return reply


async def still_works(kiln):
    assert (await kiln.client.run("python", "print('works')")).stdout == b"works\n"


NAMES = {
    "parent": "../up", "parent within": "a/../../up", "parent alone": "..", "here": ".",
    "absolute": "/etc/passwd", "empty": "", "NUL": "a\0b", "NUL at the end": "main.py\0",
    "newline": "a\nb", "carriage return": "a\rb", "4 KiB": "x" * 4096,
    "4 KiB of folders": "a/" * 2047 + "b", "a leading -": "-rf", "a leading - within": "a/-rf",
    "two slashes": "a//b", "slash at the end": "a/", "escape": "\x1b[2J", "DEL": "a\x7f",
    "its own source": "main.py", "a folder of that name": "main.py/x",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_row_17_a_file_name(kiln, name):
    body = request_body("python", "print(1)", files={name: "x"}, id="names")
    for _ in range(3):
        reply = await refused(kiln, body, "files")
        assert reply.raw["id"] == "names"
    await still_works(kiln)


async def test_row_17_names_that_are_only_odd_are_names(kiln):
    """Bytes that mean something to a shell mean nothing here."""
    names = ["$(id)", "`id`", "a b", "~", "*", "a;b", "|", "'", '"', "\\", "\u202e", "..x", "x..",
             "@x", "%s%n", "CON", "a/b/c/d"]
    reply = await kiln.client.run(
        "python", "import sys; print(all(open(n).read() == n for n in sys.argv[1:]))",
        files={name: name for name in names}, args=names)
    assert reply.verdict == "ok" and reply.stdout == b"True\n", reply


GOOD = json.dumps(request_body("python", "print(1)", id="good")).encode()
DEEP = 100_000


@pytest.mark.parametrize("data, text", [
    (b"[" * DEEP, "JSON"),
    (b'{"a":' * DEEP, "JSON"),
    (b"[" * DEEP + b"]" * DEEP, "JSON"),
    (b'{"code":"","language":"python","x":' + b"[" * 5000 + b"]" * 5000 + b"}", "JSON"),
    (b"{" + b",".join(b'"k%d":{}' % i for i in range(100_000)) + b"}", "JSON"),
    (b'{"code":"' + b"\\u0041" * 100_000, "JSON"),
], ids=["lists", "objects", "closed", "within", "wide", "escapes"])
async def test_row_38_deep_json(kiln, data, text):
    before = processes.resident_bytes(kiln.pid)
    for _ in range(3):
        await refused(kiln, data, text)
    assert processes.resident_bytes(kiln.pid) <= before + GROWTH
    await still_works(kiln)


@pytest.mark.parametrize("field", ["code", "stdin"])
async def test_row_38_a_hundred_megabytes_of_base64(kiln, field):
    """More than an engine takes is refused by its length alone."""
    body = request_body("python", "print(1)", id="huge")
    body[field] = base64.b64encode(b"#" * (HUGE // 4 * 3)).decode()
    data = json.dumps(body).encode()
    # The test's client refuses to wait for so much of its own.
    connection = await nats.connect(kiln.nats.url, pending_size=4 * HUGE)
    try:
        before = processes.resident_bytes(kiln.pid)
        reply = Reply((await connection.request(COMPILER, data, timeout=30)).data)
        assert reply.verdict == "rejected" and str(len(data)) in reply.error, reply
        reply = Reply((await connection.request(COMPILER, data[:HUGE // 2], timeout=30)).data)
        assert reply.verdict == "rejected" and str(HUGE // 2) in reply.error, reply
    finally:
        await connection.close()
    await still_works(kiln)
    for _ in range(50):
        if processes.resident_bytes(kiln.pid) <= before + GROWTH:
            break
        await asyncio.sleep(0.1)
    assert processes.resident_bytes(kiln.pid) <= before + GROWTH


@pytest.mark.parametrize("subject", [COMPILER, PROBLEMS])
async def test_row_38_a_request_cut_short(kiln, subject):
    for length in range(0, len(GOOD) - 1, 7):
        await refused(kiln, GOOD[:length], "JSON", subject=subject)
    await refused(kiln, GOOD[:-1], "JSON", subject=subject)
    await refused(kiln, GOOD + b"}", "JSON", subject=subject)
    await refused(kiln, GOOD + GOOD, "JSON", subject=subject)
    await still_works(kiln)


async def test_row_38_code_cut_short(kiln):
    body = request_body("python", "print('abc')")
    for length in range(1, 5):
        cut = body | {"code": body["code"][:-length]}
        if len(cut["code"]) % 4:
            reply = await kiln.client.ask_reply(cut, timeout=SECONDS)
            assert reply.verdict == "rejected", reply
            assert reply.status_message == "Failed to decode base64", reply


async def test_row_38_a_duplicate_id_in_one_request(kiln):
    for text in (b'{"id":"a","id":"b",', b'{"id":"a","ID":"b","id":"a",', b'{"code":"","code":"",'):
        await refused(kiln, text + GOOD[1:], "duplicate")
    await still_works(kiln)


async def test_row_38_a_duplicate_id_in_many_requests(kiln):
    """An id is the client's own affair: two requests with one are two jobs with a reply each."""
    for _ in range(3):
        replies = await asyncio.gather(*(
            kiln.client.run("python", f"print({i})", id="same") for i in range(8)))
        assert [reply.stdout for reply in replies] == [b"%d\n" % i for i in range(8)]
        assert {reply.raw["id"] for reply in replies} == {"same"}


async def test_row_38_messages_that_are_no_requests(kiln):
    for data in (b"", b"\0", b"\xff\xfe", b"null", b"7", b'"text"', b"[]", b"true", b"{}",
                 b"\x1f\x8b\x08\0", b"GET / HTTP/1.1\r\n\r\n", b"\xef\xbb\xbf" + GOOD,
                 GOOD.replace(b"python", b"\xff\xfe")):
        await refused(kiln, data)
    await still_works(kiln)


async def test_row_38_many_clients_at_once(kiln):
    """Rejections do not wait for jobs, and nobody gets another one's."""
    clients = [await Client().connect(kiln.nats.url) for _ in range(4)]
    try:
        async def one(number):
            client = clients[number % len(clients)]
            if number % 2:
                reply = await client.ask_reply(
                    {"code": 7, "language": "python", "id": str(number)}, timeout=20)
                assert reply.verdict == "rejected" and "code" in reply.error, reply
            else:
                reply = await client.run("python", f"print({number})", id=str(number))
                assert reply.stdout == b"%d\n" % number, reply
            assert reply.raw["id"] == str(number)
        await asyncio.gather(*(one(number) for number in range(40)))
    finally:
        for client in clients:
            await client.close()
