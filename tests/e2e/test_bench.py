"""`kiln bench --suite`, with few samples: it measures every row, and tells the same in all forms;
and `kiln bench --compare`.

What is asserted of the figures is so wide that noise cannot fail it: that a clock runs, that the two
sides of a ratio are what they are said to be, and that nothing is off by orders of magnitude."""
import asyncio
import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import nats
import pytest

from dockerapi import Docker
from engine import clean_environment, program, running_engine
from natsserver import NatsServer

WORKS = {"python_hello", "python_imports", "javascript_hello", "c_seen", "cpp_new", "cpp_seen",
         "go_new", "go_seen"}
OTHERS = {"p99", "throughput_xargs", "throughput_exec", "kilnd_cpu", "idle"}
RESULTS = {"met", "missed"}

pytestmark = pytest.mark.bench


async def execute(folder, environment, *arguments):
    """The exit status, stdout and stderr. The container of comparison must be gone."""
    process = await asyncio.create_subprocess_exec(
        program("kiln"), "bench", *arguments, cwd=folder,
        env=clean_environment() | environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    out, err = await asyncio.wait_for(process.communicate(), 300)
    filters = json.dumps({"label": [f"kiln.bench={process.pid}"]})
    query = urlencode({"all": 1, "filters": filters})
    assert Docker().call("GET", f"/containers/json?{query}") == []
    return process.returncode, out.decode(), err.decode()


async def bench(kiln, folder, *arguments):
    return await execute(folder, {
        "NATSURL": kiln.nats.url, "KILN_DOCKER_SOCKET": kiln.docker.path,
        "KILN_IMAGE": kiln.environment["KILN_IMAGE"]}, *arguments)


async def suite(kiln, folder, *arguments):
    return await bench(kiln, folder, "--suite", *arguments)


def check_row(row):
    assert row["result"] in RESULTS and row["absent"] == "" and row["failed"] == 0, row
    assert row["measured"] >= 0 and row["target"]["value"] > 0, row
    if row["key"] not in WORKS:
        return
    kiln, local = row["kiln_ms"], row["local_ms"]
    assert 0 < kiln["p50"] <= kiln["p99"] <= kiln["max"] < 30_000, row
    assert 0 < local["p50"] <= local["p99"] <= local["max"] < 30_000, row
    if row["target"]["unit"] == "ratio":
        assert row["measured"] == pytest.approx(kiln["p50"] / local["p50"], rel=1e-3)
        assert 0.001 < row["measured"] < 100, row
    else:
        assert row["measured"] == pytest.approx(kiln["p50"], rel=1e-3)


def check_picture(path, report):
    root = ElementTree.parse(path).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for row in report["rows"]:
        assert row["work"] in texts, (row["work"], texts)
    assert not {"script", "image", "link"} & {element.tag.split("}")[1] for element in root.iter()}


async def test_the_suite(tmp_path):
    async with running_engine(KILN_LOG_LEVEL="info") as kiln:
        await kiln.wait_full()
        status, out, err = await suite(
            kiln, tmp_path, "--quick", "--samples", "1", "--pid", str(kiln.pid),
            "--json", "suite.json", "--svg", "suite.svg")
        print(out)
        assert status == 0, out + err
        report = json.loads((tmp_path / "suite.json").read_text())
        rows = {row["key"]: row for row in report["rows"]}
        assert set(rows) == WORKS | OTHERS and report["engine"]["name"] == kiln.name
        for row in rows.values():
            check_row(row)
            assert row["work"] in out, row
        # Beside what was seen before, a finished program is started, and no compiler.
        assert rows["cpp_seen"]["local_ms"]["p50"] < rows["cpp_new"]["local_ms"]["p50"]
        assert 1 <= rows["p99"]["measured"] < 1000
        assert 0.01 < rows["throughput_xargs"]["measured"] < 1000
        assert 0.01 < rows["throughput_exec"]["measured"] < 10000
        assert 1 < rows["kilnd_cpu"]["measured"] < 100_000
        assert rows["idle"]["measured"] < 200 and "2 warm containers" in rows["idle"]["note"]
        missed = sum(row["result"] == "missed" for row in rows.values())
        assert f"{len(rows) - missed} met, {missed} missed, 0 not measured" in out
        check_picture(tmp_path / "suite.svg", report)


async def test_a_part_of_the_suite_and_the_long_form(tmp_path):
    async with running_engine() as kiln:
        await kiln.wait_full()
        status, out, err = await suite(
            kiln, tmp_path, "--samples", "2", "--only", "python_hello", "--long=40",
            "--pid", str(kiln.pid), "--json", "suite.json")
        assert status == 0, out + err
        report = json.loads((tmp_path / "suite.json").read_text())
        rows = {row["key"]: row for row in report["rows"]}
        assert set(rows) == {"python_hello", "p99", "long_latency", "long_memory"}
        assert rows["python_hello"]["kiln_ms"]["count"] == 2
        assert rows["long_latency"]["kiln_ms"]["count"] == 10
        assert 0.01 < rows["long_latency"]["measured"] < 100
        assert 0.5 < rows["long_memory"]["measured"] < 2


async def test_what_cannot_be_measured_is_said_and_strict_fails(tmp_path):
    async with running_engine() as kiln:
        await kiln.wait_full()
        no_kilnd = ("--quick", "--only", "kilnd_cpu", "--pid", "1", "--json", "suite.json")
        status, out, err = await suite(kiln, tmp_path, *no_kilnd)
        assert status == 0 and "process 1 of this host is no kilnd" in out, out + err
        assert "0 met, 0 missed, 1 not measured" in out
        row, = json.loads((tmp_path / "suite.json").read_text())["rows"]
        assert row["result"] == "not measured" and row["measured"] is None, row
        status, out, err = await suite(kiln, tmp_path, *no_kilnd, "--strict")
        assert status == 1, out + err
        status, out, err = await suite(kiln, tmp_path, "--only", "kilnd_cpu", "--quick",
                                       "--json", "no/such/folder")
        assert status == 125 and "no/such/folder" in err, out + err


async def test_ways_are_compared_with_what_is_in_the_image(tmp_path):
    (tmp_path / "p.c").write_text('#include <stdio.h>\nint main(void) { puts("hello"); }\n')
    async with running_engine() as kiln:
        await kiln.wait_full()
        status, out, err = await bench(kiln, tmp_path, "--compare", "p.c", "--requests", "2",
                                       "--warmup", "0", "--json")
        assert status == 0, out + err
        ways = json.loads(out)["compared"]
        for way in ("kiln", "docker_exec", "inside_image"):
            assert ways[way]["succeeded"] == 2 and ways[way]["failed"] == 0, ways


async def test_the_suite_explains_itself(tmp_path):
    status, out, err = await execute(tmp_path, {}, "--suite", "--help")
    assert status == 0 and err == "" and out.startswith("Usage: kiln bench --suite"), out + err
    assert all(work in out for work in WORKS)
    status, out, err = await execute(tmp_path, {}, "--suite", "--only", "cobol")
    assert status == 2 and "'cobol'" in err and out == "", out + err


async def test_an_engine_that_answers_something_else_is_not_measured(tmp_path):
    """Quick and wrong is not quick."""
    reply = {"verdict": "ok", "error": "", "stdout": "hello 0\n", "stderr": "", "encoding": "utf8",
             "exit_code": 0, "signal": None, "compile": None, "limit": None,
             "truncated": {"stdout": False, "stderr": False},
             "engine": {"name": "liar", "version": "0"}}
    server = await NatsServer().start()
    liar = await nats.connect(server.url)
    try:
        async def answer(message):
            await message.respond(json.dumps(reply).encode())
        await liar.subscribe("compiler.execute.request", cb=answer)
        await liar.flush()
        ended = await execute(tmp_path, {"NATSURL": server.url}, "--suite")
        assert ended[0] == 125 and "prints something else: 'hello 0" in ended[2], ended
        assert ended[1] == "", ended
    finally:
        await liar.close()
        await server.close()
