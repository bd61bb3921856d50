"""The programs as a person at a terminal meets them."""
import asyncio
import json
import re

import pytest
import pytest_asyncio

from engine import clean_environment, program, running_engine
from natsserver import NatsServer, free_port
from programs import ALIASES, printing, shipped

VERSION = re.compile(r"\d+\.\d+\.\d+\n")
EXTENSIONS = {"python": "py", "javascript": "js", "go": "go", "cpp": "cpp", "c": "c"}


@pytest_asyncio.fixture(scope="module")
async def kiln():
    async with running_engine(KILN_POOL_SIZE=2) as engine:
        yield engine


class Ended:
    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err.decode()

    def __repr__(self):
        return f"status {self.status}\nstdout {self.out[:2000]!r}\nstderr {self.err[:2000]}"


async def execute(folder, name, *arguments, stdin=b"", timeout=60, **environment):
    """Runs one of our programs in a folder, with nothing of Kiln's in its environment but
    `environment`."""
    process = await asyncio.create_subprocess_exec(
        program(name), *arguments, cwd=folder, env=clean_environment() | environment,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE)
    try:
        out, err = await asyncio.wait_for(process.communicate(stdin), timeout)
    except asyncio.TimeoutError:
        process.kill()
        raise
    return Ended(process.returncode, out, err)


@pytest.fixture
def cli(kiln, tmp_path):
    """Runs `kiln` against the engine."""
    async def run(*arguments, **options):
        return await execute(tmp_path, "kiln", *arguments, NATSURL=kiln.nats.url,
                             KILN_DOCKER_SOCKET=kiln.docker.path,
                             KILN_IMAGE=kiln.environment["KILN_IMAGE"],
                             KILN_RUN_DIR=kiln.run_dir, **options)
    return run


@pytest.mark.parametrize("language", ALIASES)
async def test_run_tells_the_language_by_the_name(cli, tmp_path, language):
    path = tmp_path / f"hello.{EXTENSIONS[language]}"
    path.write_text(printing(language, "hello"))
    ended = await cli("run", str(path))
    assert (ended.status, ended.out, ended.err) == (0, b"hello\n", ""), ended


async def test_run_keeps_streams_apart_and_bytes_exact(cli, tmp_path):
    (tmp_path / "p.py").write_text("import sys\nsys.stdout.buffer.write(bytes(range(256)))\n"
                                   "sys.stderr.buffer.write(b'err\\n')")
    ended = await cli("run", "p.py")
    assert (ended.status, ended.out, ended.err) == (0, bytes(range(256)), "err\n"), ended


async def test_run_passes_arguments_and_input(cli, tmp_path):
    (tmp_path / "p.py").write_text("import sys\nprint(sys.argv[1:], sys.stdin.read())")
    ended = await cli("run", "p.py", "--stdin", "-", "--", "one", "--two", stdin=b"typed")
    assert (ended.status, ended.out) == (0, b"['one', '--two'] typed\n"), ended
    (tmp_path / "in.txt").write_text("from a file")
    ended = await cli("run", "p.py", "--stdin", "in.txt")
    assert ended.out == b"[] from a file\n", ended


async def test_run_reads_the_program_from_stdin(cli):
    ended = await cli("run", "-", "--language", "python", stdin=b"print('from stdin')")
    assert (ended.status, ended.out) == (0, b"from stdin\n"), ended


async def test_run_sends_further_files(cli, tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "helper.py").write_text("VALUE = 42\n")
    (tmp_path / "p.py").write_text("from lib.helper import VALUE\nprint(VALUE)")
    ended = await cli("run", "p.py", "--file", "lib/helper.py")
    assert (ended.status, ended.out) == (0, b"42\n"), ended


async def test_run_ends_as_the_program_ended(cli, tmp_path):
    for status in (1, 3, 77, 255):
        (tmp_path / "p.py").write_text(f"raise SystemExit({status})")
        assert (await cli("run", "p.py")).status == status
    (tmp_path / "p.py").write_text("import os\nos.kill(os.getpid(), 11)")
    ended = await cli("run", "p.py")
    assert ended.status == 128 + 11 and "SIGSEGV" in ended.err, ended


async def test_run_explains_a_limit_on_stderr(cli, tmp_path):
    (tmp_path / "p.py").write_text("print('so far', flush=True)\nwhile True: pass")
    ended = await cli("run", "p.py", "--limit", "wall_ms=500")
    assert ended.status == 124 and ended.out == b"so far\n", ended
    assert "wall_ms" in ended.err and "500 ms allowed" in ended.err, ended
    (tmp_path / "p.py").write_text("x = b'x' * (1 << 30)")
    ended = await cli("run", "p.py")
    assert ended.status == 137 and "memory" in ended.err, ended
    (tmp_path / "p.py").write_text("print('y' * 10000)")
    ended = await cli("run", "p.py", "--limit", "output_bytes=100")
    assert ended.status == 123 and ended.out == b"y" * 100 and "output_bytes" in ended.err, ended


async def test_run_shows_a_compile_error(cli, tmp_path):
    (tmp_path / "p.c").write_text("int main(void) { return undeclared; }")
    ended = await cli("run", "p.c")
    assert ended.status == 1 and ended.out == b"" and "undeclared" in ended.err, ended


async def test_run_json_is_the_reply(cli, tmp_path):
    (tmp_path / "p.py").write_text("print('hello')\nraise SystemExit(4)")
    ended = await cli("run", "--json", "p.py")
    reply = json.loads(ended.out)
    assert ended.status == 4 and ended.err == "" and ended.out.count(b"\n") == 1, ended
    assert reply["verdict"] == "runtime_error" and reply["stdout"] == "hello\n"


async def test_run_of_a_rejected_request(cli, tmp_path):
    (tmp_path / "p.py").write_text("#" * 20_000)
    ended = await cli("run", "p.py")
    assert ended.status == 125 and "Max length allowed is 10000" in ended.err, ended
    ended = await cli("run", "p.py", "--subject", "problems.execute.request")
    assert ended.status == 0, ended
    (tmp_path / "p.py").write_text("print(1)")
    ended = await cli("run", "p.py", "--language", "cobol")
    assert ended.status == 125 and "unsupported language: cobol" in ended.err, ended


async def test_languages(cli):
    ended = await cli("languages")
    assert ended.status == 0 and ended.err == "", ended
    for name, (manifest, _, _) in shipped().items():
        row = re.search(rf"^{re.escape(name)} .*$", ended.out.decode(), re.MULTILINE)
        assert row, ended
        assert all(alias in row.group() for alias in manifest["aliases"]), ended
    ended = await cli("languages", "--json")
    assert {one["name"] for one in json.loads(ended.out)["languages"]} == set(shipped())


async def test_doctor_of_a_healthy_host(cli, kiln):
    ended = await cli("doctor")
    assert ended.status == 0, ended
    assert kiln.name in ended.out.decode() + ended.err, ended


async def test_doctor_names_what_is_wrong(kiln, tmp_path):
    ended = await execute(tmp_path, "kiln", "doctor", NATSURL=kiln.nats.url,
                          KILN_DOCKER_SOCKET="/nonexistent/docker.sock")
    assert ended.status == 1 and "/nonexistent/docker.sock" in ended.out.decode() + ended.err
    ended = await execute(tmp_path, "kiln", "doctor", NATSURL=kiln.nats.url,
                          KILN_DOCKER_SOCKET=kiln.docker.path, KILN_IMAGE="kiln/none:none")
    assert ended.status == 1 and "kiln/none:none" in ended.out.decode() + ended.err, ended


async def test_bench_prints_its_figures(cli):
    ended = await cli("bench", "--requests", "20", "--concurrency", "2")
    assert ended.status == 0, ended
    assert re.search(r"p50 +\d", ended.out.decode()), ended
    ended = await cli("bench", "--requests", "20", "--json")
    assert ended.status == 0 and ended.out.count(b"\n") == 1, ended
    assert isinstance(json.loads(ended.out), dict)


async def test_bench_counts_what_failed(cli, tmp_path):
    (tmp_path / "p.py").write_text("raise SystemExit(1)")
    ended = await cli("bench", "p.py", "--requests", "3", "--warmup", "0")
    assert ended.status in (1, 125), ended


async def test_every_request_is_answered_without_a_server(tmp_path):
    (tmp_path / "p.py").write_text("print(1)")
    url = f"nats://127.0.0.1:{free_port()}"
    for arguments in (["run", "p.py"], ["languages"], ["bench", "--requests", "1"]):
        ended = await execute(tmp_path, "kiln", *arguments, NATSURL=url)
        assert ended.status in (1, 125) and url.removeprefix("nats://") in ended.err, ended
        assert ended.out == b"", ended


async def test_a_server_without_an_engine(tmp_path):
    (tmp_path / "p.py").write_text("print(1)")
    server = await NatsServer().start()
    try:
        ended = await execute(tmp_path, "kiln", "run", "p.py", NATSURL=server.url)
        assert ended.status == 125 and "compiler.execute.request" in ended.err, ended
    finally:
        await server.close()


async def test_a_password_is_never_shown(tmp_path):
    (tmp_path / "p.py").write_text("print(1)")
    url = f"nats://user:sesame@127.0.0.1:{free_port()}"
    for arguments in (["run", "p.py"], ["doctor"]):
        ended = await execute(tmp_path, "kiln", *arguments, NATSURL=url)
        assert ended.status != 0 and "sesame" not in ended.out.decode() + ended.err, ended


async def test_help_and_version(tmp_path):
    for name in ("kiln", "kilnd"):
        ended = await execute(tmp_path, name, "--help")
        assert ended.status == 0 and ended.err == "", ended
        assert ended.out.lower().startswith(f"usage: {name}".encode()), ended
        ended = await execute(tmp_path, name, "--version")
        assert ended.status == 0, ended
        assert VERSION.fullmatch(ended.out.decode().removeprefix(f"{name} ")), ended
    for command in ("run", "languages", "doctor", "bench"):
        ended = await execute(tmp_path, "kiln", command, "--help")
        assert ended.status == 0 and ended.err == "", ended
        assert ended.out.startswith(f"Usage: kiln {command}".encode()), ended


async def test_a_wrong_command_line(tmp_path):
    for arguments, says in ([], "Usage"), (["langages"], "'languages'"), (["run"], "FILE"), \
            (["run", "p.py", "--limt", "x"], "--limit"), (["run", "noextension"], "--language"), \
            (["run", "p.py", "--limit", "wall_ms=-1"], "wall_ms"), (["languages", "x"], "x"):
        ended = await execute(tmp_path, "kiln", *arguments)
        assert ended.status == 2 and says in ended.err and ended.out == b"", (arguments, ended)
    ended = await execute(tmp_path, "kilnd", "--nonsense")
    assert ended.status == 2 and "nonsense" in ended.err, ended
    ended = await execute(tmp_path, "kiln", "run", "missing.py",
                          NATSURL=f"nats://127.0.0.1:{free_port()}")
    assert ended.status == 125 and "missing.py" in ended.err, ended


BAD_SETTINGS = {
    "KILN_POOL_SIZE": "many",
    "KILN_QUEUE_CAPACITY": "-1",
    "KILN_COMPILER_WALL_MS": "0",
    "KILN_LOG_LEVEL": "loud",
    "KILN_PROBLEMS_ENCODING": "rot13",
    "KILN_CPUS": "1e9",
}


async def test_bad_settings_stop_kilnd_and_are_all_told(tmp_path):
    ended = await execute(tmp_path, "kilnd", timeout=10, **BAD_SETTINGS)
    assert ended.status not in (0, None) and ended.status > 0, ended
    for name, value in BAD_SETTINGS.items():
        line = next((line for line in ended.err.splitlines() if name in line), None)
        assert line and value in line, f"{name}: {ended}"
        assert re.search(r"\d|debug|base64", line.replace(value, "").replace(name, "")), line


async def test_a_dotenv_file_is_read_and_the_environment_wins(tmp_path):
    (tmp_path / ".env").write_text("KILN_POOL_SIZE=dotenv\nKILN_WORKERS=dotenv\n")
    ended = await execute(tmp_path, "kilnd", timeout=10, KILN_POOL_SIZE="environ")
    assert ended.status > 0 and "environ" in ended.err and "dotenv" in ended.err, ended
    pool = next(line for line in ended.err.splitlines() if "KILN_POOL_SIZE" in line)
    assert "environ" in pool and "dotenv" not in pool


async def test_two_kilnd_in_one_run_directory_do_not_disturb_each_other(kiln):
    async with running_engine(KILN_RUN_DIR=kiln.run_dir, KILN_POOL_SIZE=1) as other:
        for engine in (kiln, other):
            assert (await engine.client.run("python", "print(2)")).stdout == b"2\n"
    assert (await kiln.client.run("python", "print(1)")).stdout == b"1\n"
