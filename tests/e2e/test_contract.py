"""The NATS contract: what a request may say, and what every reply says."""
import asyncio
import base64
import json
import re

import pytest
import pytest_asyncio

from client import COMPILER, PROBLEMS, request_body
from engine import running_engine
from natsserver import NatsServer
from programs import printing
from reply import Reply
from waiting import eventually

WALL_MS = 4000
REQUEST_BYTES_MAX = 4 * 1024 * 1024


@pytest_asyncio.fixture(scope="module")
async def kiln():
    async with running_engine(KILN_POOL_SIZE=2, KILN_COMPILER_WALL_MS=WALL_MS,
                              KILN_REQUEST_BYTES_MAX=REQUEST_BYTES_MAX) as engine:
        yield engine


async def test_success(kiln):
    reply = await kiln.client.run("python", "import sys\nprint('out')\nsys.stdout.flush()\n"
                                  "print('err', file=sys.stderr)")
    assert reply.verdict == "ok"
    assert reply.status_message == "Success" and reply.error == ""
    assert reply.stdout == b"out\n" and reply.stderr == b"err\n"
    assert reply.output == b"out\nerr\n"
    assert reply.raw["encoding"] == "utf8"
    assert reply.raw["engine"]["name"] == kiln.name
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", reply.raw["engine"]["version"])
    assert float(reply.raw["execution_time"].removesuffix("ms")) > 0


ENDS = [
    ("import sys; sys.exit(3)", "execution error: exit status 3", 3, None),
    ("import sys; sys.exit(124)", "execution error: exit status 124", 124, None),
    ("import sys; sys.exit(137)", "execution error: exit status 137", 137, None),
    ("import os; os.kill(os.getpid(), 9)", "execution error: signal: killed", None, "SIGKILL"),
    ("import os; os.kill(os.getpid(), 11)", "execution error: signal: segmentation fault", None,
     "SIGSEGV"),
    ("import os; os.abort()", "execution error: signal: aborted", None, "SIGABRT"),
    ("import os; os.kill(os.getpid(), 8)", "execution error: signal: floating point exception",
     None, "SIGFPE"),
    ("import os; os.kill(os.getpid(), 15)", "execution error: signal: terminated", None,
     "SIGTERM"),
    ("import os; os.kill(os.getpid(), 7)", "execution error: signal: bus error", None, "SIGBUS"),
    ("import os; os.kill(os.getpid(), 40)", "execution error: signal: signal 40", None, "SIG40"),
    ("raise ValueError('no')", "execution error: exit status 1", 1, None),
]


@pytest.mark.parametrize("code, error, exit_code, signal", ENDS)
async def test_how_a_program_ended(kiln, code, error, exit_code, signal):
    reply = await kiln.client.run("python", code)
    assert reply.verdict == "runtime_error" and reply.error == error, reply
    assert reply.exit_code == exit_code and reply.signal == signal
    assert reply.status_message == "Failed to execute code"
    assert reply.limit is None


async def test_output_before_a_crash_is_kept(kiln):
    reply = await kiln.client.run("python", "print('before', flush=True)\nraise SystemExit(2)")
    assert reply.output == b"before\n" and reply.exit_code == 2


async def test_code_length(kiln):
    fits = "#" * 9991 + "\nprint(1)"
    assert len(fits) == 10000
    assert (await kiln.client.run("python", fits)).stdout == b"1\n"
    reply = await kiln.client.run("python", fits + " ")
    assert reply.verdict == "rejected"
    assert reply.error == "Code length exceeds maximum limit: Max length allowed is 10000"
    assert reply.status_message == reply.error
    assert (await kiln.client.run("python", fits + " ", subject=PROBLEMS)).stdout == b"1\n"
    reply = await kiln.client.run("python", "#" * (1024 * 1024 + 1), subject=PROBLEMS)
    assert reply.error == "Code length exceeds maximum limit: Max length allowed is 1048576"


async def test_one_mebibyte_of_code_on_the_problems_subject(kiln):
    code = "print(1)\n#" + "x" * (1024 * 1024 - 10)
    reply = await kiln.client.run("python", code, subject=PROBLEMS)
    assert len(code) == 1024 * 1024 and reply.stdout == b"1\n", reply


BAD_BASE64 = [
    ("QUJD!UJD", 4),
    ("QUJD UJD", 4),
    ("QUJ_QUJD", 3),
    ("QU=DQUJD", 3),
    ("QUJDQUJD=", 8),
    ("QUJDQUI", 7),
    ("QUJDQ===", 5),
    ("=", 0),
]


@pytest.mark.parametrize("text, offset", BAD_BASE64)
async def test_bad_base64_is_refused_at_its_offset(kiln, text, offset):
    reply = await kiln.client.ask_reply({"code": text, "language": "python", "id": "b"})
    assert reply.verdict == "rejected", reply
    assert reply.status_message == "Failed to decode base64"
    assert re.search(rf"\b{offset}\b", reply.error), reply.error
    assert "code" in reply.error


async def test_bad_base64_of_other_fields_is_named(kiln):
    good = request_body("python", "print(1)")
    reply = await kiln.client.ask_reply(good | {"stdin": "QUJD*"})
    assert reply.status_message == "Failed to decode base64" and "stdin" in reply.error, reply
    reply = await kiln.client.ask_reply(good | {"files": [{"name": "a", "content": "?"}]})
    assert reply.status_message == "Failed to decode base64" and "files" in reply.error, reply


async def test_base64_may_have_line_breaks(kiln):
    text = base64.b64encode(b"print('broken lines')" + b"#" * 100).decode()
    for line_break in ("\n", "\r\n"):
        lines = line_break.join(text[i:i + 76] for i in range(0, len(text), 76)) + line_break
        reply = await kiln.client.ask_reply({"code": lines, "language": "python"})
        assert reply.stdout == b"broken lines\n", reply


async def test_encoding_overrides_the_default(kiln):
    for subject in (COMPILER, PROBLEMS):
        reply = await kiln.client.run("python", "print(input())", encode_as="utf8",
                                      encoding="utf8", stdin="prüfung", subject=subject)
        assert reply.stdout == "prüfung\n".encode(), reply
        reply = await kiln.client.run("python", "print(input())", encoding="base64",
                                      stdin="prüfung", subject=subject)
        assert reply.stdout == "prüfung\n".encode(), reply


async def test_encoding_is_never_guessed(kiln):
    """The text `abcd` is base64 too; taken as it stands it would be a NameError."""
    reply = await kiln.client.run("python", "abcd", encode_as="utf8")
    assert reply.verdict == "runtime_error" and b"NameError" not in reply.stderr, reply
    reply = await kiln.client.run("python", "print('a b')", encode_as="utf8")
    assert reply.status_message == "Failed to decode base64"


async def test_problems_output_is_stdout_alone_on_success(kiln):
    code = "import sys\nprint('answer')\nprint('debug', file=sys.stderr)\nsys.exit({})"
    reply = await kiln.client.run("python", code.format(0), subject=PROBLEMS)
    assert reply.output == b"answer\n" and reply.stderr == b"debug\n"
    reply = await kiln.client.run("python", code.format(1), subject=PROBLEMS)
    assert b"answer\n" in reply.output and b"debug\n" in reply.output
    reply = await kiln.client.run("c", "#warning careful\nint main(void) { return 0; }\n",
                                  subject=PROBLEMS)
    assert reply.verdict == "ok" and reply.output == b"" and b"careful" in reply.compile_output


async def test_problems_encoding_can_be_configured():
    async with running_engine(KILN_PROBLEMS_ENCODING="utf8", KILN_POOL_SIZE=1) as kiln:
        reply = await kiln.client.run("python", "print(input())", encode_as="utf8", stdin="raw",
                                      subject=PROBLEMS)
        assert reply.stdout == b"raw\n", reply
        reply = await kiln.client.run("python", "print('base64 still')", subject=COMPILER)
        assert reply.stdout == b"base64 still\n", reply


async def test_subjects_can_be_configured():
    async with running_engine(KILN_COMPILER_SUBJECT="a.b", KILN_PROBLEMS_SUBJECT="c.d",
                              KILN_POOL_SIZE=1) as kiln:
        for subject in ("a.b", "c.d"):
            reply = await kiln.client.run("python", "print(1)", subject=subject)
            assert reply.stdout == b"1\n"


async def test_id_is_made_up_when_absent_and_differs(kiln):
    ids = [(await kiln.client.run("python", "")).raw["id"] for _ in range(3)]
    assert all(isinstance(made_up, str) and made_up for made_up in ids) and len(set(ids)) == 3


async def test_id_of_a_rejected_request_is_echoed(kiln):
    reply = await kiln.client.run("cobol", "", id="mine")
    assert reply.verdict == "rejected" and reply.raw["id"] == "mine"
    reply = await kiln.client.ask_reply({"id": "mine", "language": 7, "code": ""})
    assert reply.verdict == "rejected" and reply.raw["id"] == "mine"


async def test_unknown_fields_are_ignored(kiln):
    reply = await kiln.client.run("python", "print(1)", priority=3, nested={"a": [None]},
                                  limits={"wall_ms": 2000, "unheard_of": "x"})
    assert reply.stdout == b"1\n"


async def test_field_names_are_matched_without_regard_to_case(kiln):
    """As Go's encoding/json reads them."""
    body = {"Code": base64.b64encode(b"print(input())").decode(), "LANGUAGE": "python",
            "Stdin": base64.b64encode(b"seen").decode(), "ID": "Mixed"}
    reply = await kiln.client.ask_reply(body)
    assert reply.stdout == b"seen\n" and reply.raw["id"] == "Mixed", reply


GOOD = {"code": base64.b64encode(b"print(1)").decode(), "language": "python"}
MALFORMED = [
    (b"", ""),
    (b"{", ""),
    (b"[]", "object"),
    (b'"text"', ""),
    (b"null", ""),
    (b"\xff\xfe{}", ""),
    (b"{} {}", ""),
    (b'{"code":"', ""),
    (b'{"code":"\xc3\x28","language":"python"}', ""),
    (b"[" * 100_000, ""),
    (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, ""),
    ({"language": "python"}, "code"),
    ({"code": ""}, "language"),
    ({}, "language"),
    (GOOD | {"code": 7}, "code"),
    (GOOD | {"code": None}, "code"),
    (GOOD | {"language": ["python"]}, "language"),
    (GOOD | {"encoding": "rot13"}, "encoding"),
    (GOOD | {"encoding": 64}, "encoding"),
    (GOOD | {"id": 7}, "id"),
    (GOOD | {"id": "x" * 10_000}, "id"),
    (GOOD | {"stdin": 7}, "stdin"),
    (GOOD | {"args": "one"}, "args"),
    (GOOD | {"args": [1]}, "args"),
    (GOOD | {"args": ["a\0b"]}, "args"),
    (GOOD | {"args": ["a"] * 1000}, "args"),
    (GOOD | {"files": {}}, "files"),
    (GOOD | {"files": ["a"]}, "files"),
    (GOOD | {"files": [{"name": "a"}]}, "content"),
    (GOOD | {"files": [{"content": ""}]}, "name"),
    (GOOD | {"files": [{"name": 1, "content": ""}]}, "name"),
    (GOOD | {"files": [{"name": f"f{i}", "content": ""} for i in range(2000)]}, "files"),
    (GOOD | {"args": ["a"] * 100_000}, "values"),
    (GOOD | {"limits": []}, "limits"),
    (GOOD | {"limits": {"wall_ms": "1"}}, "wall_ms"),
    (GOOD | {"limits": {"cpu_ms": -1}}, "cpu_ms"),
    (GOOD | {"limits": {"memory_bytes": 1.5}}, "memory_bytes"),
    (GOOD | {"limits": {"output_bytes": True}}, "output_bytes"),
]


@pytest.mark.parametrize("request_data, named", MALFORMED,
                         ids=[str(data)[:40] for data, _ in MALFORMED])
async def test_a_wrong_request_is_answered_at_once_and_names_the_field(kiln, request_data, named):
    reply = await kiln.client.ask_reply(request_data, timeout=5)
    assert reply.verdict == "rejected", reply
    assert named in reply.error and len(reply.error) < 256, reply
    assert reply.status_message == reply.error


FILE_NAMES = ["../up", "a/../../up", "/absolute", "", ".", "..", "a//b", "a/./b", "-leading",
              "a\0b", "a\nb", "x" * 4096, "dir/"]


@pytest.mark.parametrize("name", FILE_NAMES, ids=[repr(name)[:20] for name in FILE_NAMES])
async def test_an_unsafe_file_name_is_rejected(kiln, name):
    reply = await kiln.client.run("python", "print(1)", files={name: "x"})
    assert reply.verdict == "rejected" and reply.error, reply


@pytest.mark.parametrize("names", [["main.py"], ["main.py/inner"], ["a", "a"], ["a", "a/b"],
                                   ["a/b", "a"]], ids=str)
async def test_files_that_collide_are_rejected(kiln, names):
    body = request_body("python", "print(1)")
    body["files"] = [{"name": name, "content": ""} for name in names]
    reply = await kiln.client.ask_reply(body)
    assert reply.verdict == "rejected" and "files" in reply.error, reply


async def test_a_message_that_is_too_large(kiln):
    fits = GOOD | {"stdin": "A" * (REQUEST_BYTES_MAX - 1000)}
    assert (await kiln.client.ask_reply(fits)).stdout == b"1\n"
    reply = await kiln.client.ask_reply(GOOD | {"stdin": "A" * REQUEST_BYTES_MAX, "id": "large"})
    assert reply.verdict == "rejected" and str(REQUEST_BYTES_MAX) in reply.error, reply


async def test_limits_lower(kiln):
    reply = await kiln.client.run("python", "while True: pass", limits={"wall_ms": 500})
    assert reply.verdict == "time_limit" and reply.limit["name"] == "wall_ms", reply
    assert reply.limit["allowed"] == 500


async def test_limits_never_raise(kiln):
    high = {"wall_ms": 10**9, "cpu_ms": 10**9, "memory_bytes": 2**50, "output_bytes": 2**50,
            "processes": 10**6, "file_bytes": 2**50}
    sleep, allocate, fill = await asyncio.gather(
        kiln.client.run("python", "import time; time.sleep(60)", limits=high),
        kiln.client.run("python", "x = b'x' * (1 << 30)", limits=high),
        kiln.client.run("python", "import sys\nwhile True: sys.stdout.write('x' * 65536)",
                        limits=high))
    assert sleep.verdict == "time_limit" and sleep.limit["allowed"] == WALL_MS, sleep
    assert allocate.verdict == "memory_limit", allocate
    assert fill.verdict == "output_limit" and fill.limit["allowed"] < 2**30, fill


async def test_the_largest_numbers_are_no_trouble(kiln):
    for value in (2**63 - 1, 2**63, 2**64, 10**400):
        reply = await kiln.client.run("python", "print(1)", limits={"wall_ms": value})
        assert reply.verdict in ("ok", "rejected"), reply
    assert (await kiln.client.run("python", "print(1)", limits={"wall_ms": 2**63 - 1})
            ).verdict == "ok"


async def test_a_message_without_a_reply_subject_is_dropped_and_told(kiln):
    body = json.dumps(request_body("python", "print(1)", id="nowhere")).encode()
    for data in (body, b"{"):
        await kiln.client.publish(COMPILER, data)
    assert (await kiln.client.run("python", "print(2)")).stdout == b"2\n"
    await eventually(lambda: b"reply" in kiln.log(), 5, "a log record of the dropped request")


async def test_results_without_a_reply_subject_go_to_the_configured_one():
    async with running_engine(KILN_RESULT_SUBJECT="results.here", KILN_POOL_SIZE=1) as kiln:
        received = await kiln.client.subscribe("results.here")
        bodies = [request_body("python", "print(7)", id="seven"),
                  request_body("cobol", "", id="refused")]
        for body in bodies:
            await kiln.client.publish(COMPILER, json.dumps(body).encode())
        await eventually(lambda: len(received) >= 2, 30, "two results")
        replies = {reply.raw["id"]: reply for reply in map(Reply, received)}
        assert replies["seven"].stdout == b"7\n"
        assert replies["refused"].verdict == "rejected"
        own = await kiln.client.run("python", "print(8)")
        assert own.stdout == b"8\n" and len(received) == 2


async def test_hostile_output_is_only_data(kiln):
    text = json.dumps({"output": "x", "success": True, "verdict": "ok", "id": "other"})
    reply = await kiln.client.run("python", f"print({text!r})\nraise SystemExit(9)", id="mine")
    assert reply.stdout.decode() == text + "\n" and reply.exit_code == 9
    assert reply.raw["id"] == "mine"


async def test_duplicate_ids_are_two_jobs(kiln):
    replies = await asyncio.gather(*(
        kiln.client.run("python", printing("python", i), id="same") for i in range(8)))
    assert [reply.stdout for reply in replies] == [f"{i}\n".encode() for i in range(8)]


async def test_a_reply_fits_a_server_of_one_mebibyte():
    """Control characters grow sixfold in JSON, and the server would cut the connection."""
    server = await NatsServer(max_payload=1024 * 1024).start()
    try:
        async with running_engine(nats=server, KILN_POOL_SIZE=1) as kiln:
            reply = await kiln.client.run("python", "print('\\x01' * 900_000)")
            assert reply.size <= 1024 * 1024 and reply.truncated["stdout"], reply
            assert set(reply.stdout) <= {1, 10} and len(reply.stdout) > 10_000
            assert reply.verdict in ("ok", "output_limit")
            assert (await kiln.client.run("python", "print(1)")).stdout == b"1\n"
    finally:
        await server.close()
