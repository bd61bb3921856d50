"""KILN_POLICY: off, audit and enforce, with the rules that ship and with others."""
import asyncio
import json
import pathlib

import pytest
import pytest_asyncio

from client import PROBLEMS, Client
from engine import Engine, running_engine
from natsserver import NatsServer
from nats.errors import NoRespondersError
from programs import printing, shipped
from waiting import eventually

SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "policy.json"

# What the rules that ship refuse, with the text that clients of the Go service know.
REFUSED = [
    ("py", "import subprocess\nsubprocess.run(['ls'])", "python-modules",
     "Prohibited python operation detected: dangerousModules: Dangerous Python modules"),
    ("python", "print(eval('6 * 7'))", "python-eval",
     "Prohibited operation detected: codeExecution: Dynamic code execution"),
    ("js", "require('child_process')", "javascript-modules",
     "Prohibited js operation detected: dangerousModules: Dangerous JS modules"),
    ("golang", 'package main\n\nimport "os/exec"\n\nfunc main() { exec.Command("ls").Run() }',
     "go-packages",
     "Prohibited operation detected: systemOperations: Dangerous system operations"),
    ("c++", '#include <cstdlib>\nint main() { std::system("ls"); }', "cpp-process",
     "Prohibited cpp operation detected: dangerousOperations: Dangerous C++ operations"),
    ("c", "#include <unistd.h>\nint main(void) { return fork(); }", "c-process",
     "Prohibited c operation detected: dangerousOperations: Dangerous C operations"),
]

# What the Go service refused, and should not have.
HARMLESS = [
    ("python", "import sys\nsys.stdout.write('fine\\n')"),
    ("python", "def retrieval(x):\n    return x\n\nprint(retrieval('fine'))"),
    ("javascript", "class Node { constructor(x) { this.x = x; } }\n"
                   "const n = new Node(1);\nconsole.log('fine');"),
    ("go", 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfor {\n\t\tfmt.Println("fine")\n'
           "\t\tbreak\n\t}\n}"),
    ("cpp", '#include <cstdio>\nstruct Node { int x; Node(int v) : x(v) {} };\n'
            'int main() { Node *n = new Node(1); std::puts("fine"); delete n; }'),
]


def log_records(kiln, message):
    """The records of the log with this message."""
    records = [json.loads(line) for line in kiln.log().splitlines() if line.startswith(b"{")]
    return [record for record in records if record["message"] == message]


def against(kiln):
    return log_records(kiln, "a program is against the policy")


@pytest_asyncio.fixture(scope="module")
async def enforcing():
    async with running_engine(KILN_POLICY="enforce", KILN_POLICY_FILE=SHIPPED,
                              KILN_COMPILER_WALL_MS=20_000) as engine:
        yield engine


@pytest.mark.parametrize("language, code, rule, text", REFUSED, ids=[row[2] for row in REFUSED])
async def test_enforce_refuses_at_once(enforcing, language, code, rule, text):
    before = len(against(enforcing))
    reply = await enforcing.client.run(language, code, id=f"refused-{rule}", timeout=5)
    assert reply.verdict == "rejected" and reply.error == text, reply
    assert reply.status_message == text and reply.raw["id"] == f"refused-{rule}"
    record, = against(enforcing)[before:]
    assert record["rule"] == rule and record["refused"] is True, record
    assert record["job_id"] == f"refused-{rule}"


@pytest.mark.parametrize("language, code", HARMLESS,
                         ids=["import-sys", "retrieval", "js-new", "go-for", "cpp-new"])
async def test_enforce_lets_harmless_programs_run(enforcing, language, code):
    reply = await enforcing.client.run(language, code)
    assert reply.verdict == "ok" and reply.stdout == b"fine\n", reply


async def test_enforce_lets_every_hello_run(enforcing):
    for language, (_, hello, expected) in shipped().items():
        reply = await enforcing.client.run(language, hello)
        assert reply.verdict == "ok" and reply.stdout == expected, reply


async def test_enforce_holds_on_both_subjects_and_for_files(enforcing):
    reply = await enforcing.client.run("python", "exec('1')", subject=PROBLEMS)
    assert reply.verdict == "rejected", reply
    reply = await enforcing.client.run("python", "import other", files={"other.py": "exec('1')"})
    assert reply.verdict == "rejected", reply


async def test_code_is_never_logged(enforcing):
    await enforcing.client.run("python", "eval('hidden-in-the-program')")
    assert b"hidden-in-the-program" not in enforcing.log()


async def test_an_unknown_language_is_said_before_the_policy(enforcing):
    reply = await enforcing.client.run("cobol", "'/etc/passwd'")
    assert reply.error == "unsupported language: cobol", reply


async def test_audit_runs_the_program_and_names_the_rule():
    async with running_engine(KILN_POLICY="audit", KILN_POLICY_FILE=SHIPPED,
                              KILN_POOL_SIZE=1) as kiln:
        reply = await kiln.client.run("python", "print(eval('6 * 7'))", id="audited")
        assert reply.verdict == "ok" and reply.stdout == b"42\n", reply
        reply = await kiln.client.run("python", printing("python", "fine"))
        assert reply.verdict == "ok", reply
        record, = against(kiln)
        assert record["rule"] == "python-eval" and record["job_id"] == "audited", record
        assert record["refused"] is False and record["language"] == "python"
        assert b"6 * 7" not in kiln.log()


async def test_off_does_not_read_the_file(tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    async with running_engine(KILN_POLICY="off", KILN_POLICY_FILE=broken,
                              KILN_POOL_SIZE=1) as kiln:
        reply = await kiln.client.run("python", "print(eval('6 * 7'))")
        assert reply.verdict == "ok", reply
        assert not log_records(kiln, "policy loaded")


async def failed_start(**settings):
    """The log of a kilnd that does not start."""
    server = await NatsServer().start()
    try:
        kiln = Engine(server, KILN_POOL_SIZE=1, **settings)
        await kiln.spawn()
        assert await kiln.wait_exit(20) not in (0, None)
        assert not kiln.containers()
        return kiln.log().decode()
    finally:
        await server.close()


async def test_a_wrong_rule_stops_the_start_and_is_named(tmp_path):
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps(
        {"rules": {"python": [{"name": "half-open", "pattern": "(eval"}]}}))
    log = await failed_start(KILN_POLICY="enforce", KILN_POLICY_FILE=rules)
    assert "rules.json" in log and "half-open" in log and "missing closing parenthesis" in log, log


async def test_enforce_without_a_file_stops_the_start():
    log = await failed_start(KILN_POLICY="enforce")
    assert "KILN_POLICY: is set, and needs KILN_POLICY_FILE" in log, log


async def test_a_slow_pattern_holds_nobody_up(tmp_path):
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps(
        {"rules": {"python": [{"name": "slow", "pattern": r"\w+\s*[\[{]"}]}}))
    async with running_engine(KILN_POLICY="enforce", KILN_POLICY_FILE=rules,
                              KILN_POOL_SIZE=1) as kiln:
        reply = await kiln.client.run("python", "a" * 1_000_000, subject=PROBLEMS)
        assert reply.verdict == "rejected", reply
        assert reply.error == "code takes too long to check for disallowed pattern: slow"
        assert against(kiln)[0]["undecided"] is True
        reply = await kiln.client.run("python", "print(1)")
        assert reply.verdict == "ok", reply


async def test_nothing_slips_through_while_the_engine_starts():
    """Before the first container has told its languages, an alias stands for nothing."""
    async with running_engine(start=False, KILN_POLICY="enforce", KILN_POLICY_FILE=SHIPPED,
                              KILN_POOL_SIZE=1) as kiln:
        await kiln.spawn()
        verdicts = []

        async def refused():
            try:
                reply = await kiln.client.run("py", "print(eval('1'))", timeout=5)
            except (asyncio.TimeoutError, NoRespondersError):
                return False
            verdicts.append(reply.verdict)
            return reply.verdict == "rejected"

        kiln.client = await Client().connect(kiln.nats.url)
        await eventually(refused, 60, "the policy refuses")
        assert set(verdicts) <= {"busy", "rejected"}, verdicts
