"""Every language by every name, and what a program of several files needs."""
import asyncio

import pytest
import pytest_asyncio

from engine import running_engine
from programs import ALIASES, printing, shipped

SHIPPED = shipped()


@pytest_asyncio.fixture(scope="module")
async def kiln():
    async with running_engine(KILN_POOL_SIZE=4, KILN_WORKERS=4,
                              KILN_COMPILER_COMPILE_WALL_MS=30_000) as engine:
        yield engine


def mixed_case(word):
    return "".join(c.upper() if i % 2 else c for i, c in enumerate(word))


async def test_languages_reports_the_image(kiln):
    told = {language["name"]: language for language in await kiln.languages()}
    assert set(told) == set(SHIPPED)
    for name, (manifest, _, _) in SHIPPED.items():
        assert set(told[name]["aliases"]) == set(manifest["aliases"])
        assert any(c.isdigit() for c in told[name]["version"]), told[name]


@pytest.mark.parametrize("name", SHIPPED)
async def test_hello_of_the_image(kiln, name):
    _, code, expected = SHIPPED[name]
    reply = await kiln.client.run(name, code)
    assert reply.verdict == "ok", reply
    assert reply.stdout == expected and reply.output == expected and reply.stderr == b""
    assert reply.raw["language"] == name


@pytest.mark.parametrize("name", ALIASES)
async def test_every_alias_in_any_case(kiln, name):
    aliases = [word for alias in ALIASES[name] for word in (alias, alias.upper(),
                                                           mixed_case(alias))]
    aliases = list(dict.fromkeys(aliases))
    replies = await asyncio.gather(*(kiln.client.run(alias, printing(name, "hello"))
                                     for alias in aliases))
    for alias, reply in zip(aliases, replies):
        assert reply.verdict == "ok" and reply.stdout == b"hello\n", (alias, reply)
        assert reply.raw["language"] == name, alias


async def test_unsupported_language(kiln):
    for name in ("cobol", "", "pythonn", "x" * 300, "py\u0000thon", "../python", "C♯"):
        reply = await kiln.client.run(name, "print(1)")
        assert reply.verdict == "rejected", (name, reply)
        assert reply.status_message == reply.error
    reply = await kiln.client.run("cobol", "print(1)")
    assert reply.error == "unsupported language: cobol"
    assert reply.status_message == "unsupported language: cobol"
    assert reply.raw["output"] == ""


async def test_c_with_a_header_and_a_second_source(kiln):
    reply = await kiln.client.run(
        "c", '#include "twice.h"\n#include <stdio.h>\n'
        'int main(void) { printf("%d\\n", twice(21)); return 0; }\n',
        files={"twice.h": "int twice(int n);\n",
               "twice.c": '#include "twice.h"\nint twice(int n) { return 2 * n; }\n'})
    assert reply.verdict == "ok" and reply.stdout == b"42\n", reply


async def test_cpp_with_a_header_in_a_folder(kiln):
    reply = await kiln.client.run(
        "cpp", '#include "lib/twice.hpp"\n#include <cstdio>\n'
        'int main() { std::printf("%d\\n", twice(21)); }\n',
        files={"lib/twice.hpp": "inline int twice(int n) { return 2 * n; }\n"})
    assert reply.verdict == "ok" and reply.stdout == b"42\n", reply


async def test_go_with_two_files(kiln):
    reply = await kiln.client.run(
        "go", 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println(twice(21)) }\n',
        files={"twice.go": "package main\n\nfunc twice(n int) int { return 2 * n }\n"})
    assert reply.verdict == "ok" and reply.stdout == b"42\n", reply


async def test_python_imports_a_sibling_module_and_a_package(kiln):
    reply = await kiln.client.run(
        "python", "import sibling\nfrom package.inner import VALUE\n"
        "print(sibling.twice(21), VALUE)\n",
        files={"sibling.py": "def twice(n):\n    return 2 * n\n",
               "package/__init__.py": "", "package/inner.py": "VALUE = 'inner'\n"})
    assert reply.verdict == "ok" and reply.stdout == b"42 inner\n", reply


async def test_javascript_requires_a_sibling_module(kiln):
    reply = await kiln.client.run(
        "javascript", "const { twice } = require('./twice');\nconsole.log(twice(21));\n",
        files={"twice.js": "exports.twice = (n) => 2 * n;\n"})
    assert reply.verdict == "ok" and reply.stdout == b"42\n", reply


async def test_cpp_with_nlohmann_json(kiln):
    reply = await kiln.client.run(
        "cpp", '#include <iostream>\n#include <nlohmann/json.hpp>\n'
        'int main() { std::cout << nlohmann::json::parse("[1,2]").dump() << "\\n"; }\n')
    assert reply.verdict == "ok" and reply.stdout == b"[1,2]\n", reply


async def test_two_hundred_files(kiln):
    files = {f"data/{i:03}.txt": str(i) for i in range(200)}
    reply = await kiln.client.run(
        "python", "import os\nnames = sorted(os.listdir('data'))\n"
        "print(len(names), sum(int(open('data/' + name).read()) for name in names))\n",
        files=files)
    assert reply.verdict == "ok", reply
    assert reply.stdout == f"200 {sum(range(200))}\n".encode()


@pytest.mark.parametrize("name", ALIASES)
async def test_arguments_and_standard_input(kiln, name):
    code = {
        "python": "import sys\nprint('|'.join(sys.argv[1:]), sys.stdin.read(), end='')",
        "javascript": "process.stdout.write(process.argv.slice(2).join('|') + ' ' + "
                      "require('fs').readFileSync(0));",
        "c": "#include <stdio.h>\nint main(int n, char **v) { int c;"
             ' for (int i = 1; i < n; i++) printf("%s%s", i > 1 ? "|" : "", v[i]);'
             " putchar(' '); while ((c = getchar()) != EOF) putchar(c); }\n",
        "cpp": "#include <iostream>\nint main(int n, char **v) {"
               ' for (int i = 1; i < n; i++) std::cout << (i > 1 ? "|" : "") << v[i];'
               " std::cout << ' ' << std::cin.rdbuf(); }\n",
        "go": 'package main\n\nimport (\n"fmt"\n"io"\n"os"\n"strings"\n)\n\nfunc main() {\n'
              'fmt.Print(strings.Join(os.Args[1:], "|"), " ")\nio.Copy(os.Stdout, os.Stdin)\n}\n',
    }[name]
    args = ["one", "two words", "", "--flag", "ünï"]
    reply = await kiln.client.run(name, code, args=args, stdin="line 1\nline 2\n")
    assert reply.verdict == "ok", reply
    assert reply.stdout.decode() == "|".join(args) + " line 1\nline 2\n"


COMPILE_ERRORS = {
    "c": ("int main(void) { return undeclared; }", b"undeclared"),
    "cpp": ("int main() { return undeclared; }", b"undeclared"),
    "go": ("package main\n\nfunc main() { undeclared() }\n", b"# command-line-arguments"),
}


@pytest.mark.parametrize("name", COMPILE_ERRORS)
async def test_compile_error(kiln, name):
    code, diagnostic = COMPILE_ERRORS[name]
    reply = await kiln.client.run(name, code)
    assert reply.verdict == "compile_error", reply
    assert diagnostic in reply.output and diagnostic in reply.compile_output
    assert b"undeclared" in reply.output
    assert reply.status_message == "Failed to execute code"
    assert reply.error == f"execution error: exit status {reply.compile['exit_code']}"
    assert reply.compile["exit_code"] != 0 and reply.stdout == b"" and reply.stderr == b""
    assert reply.timing["run_ms"] == 0


async def test_compiler_warnings_do_not_fail_a_program(kiln):
    reply = await kiln.client.run("c", "#warning careful\nint main(void) { return 0; }\n")
    assert reply.verdict == "ok" and b"careful" in reply.compile_output, reply
    assert reply.compile["exit_code"] == 0 and reply.stderr == b""


async def test_interpreted_languages_have_no_compile_stage(kiln):
    for name in ("python", "javascript"):
        reply = await kiln.client.run(name, printing(name, "x"))
        assert reply.compile is None and reply.timing["compile_ms"] == 0, reply


@pytest.mark.parametrize("name, code", [
    ("python", "def f(:\n"), ("javascript", "function (\n"),
])
async def test_a_syntax_error_of_an_interpreter_is_a_runtime_error(kiln, name, code):
    reply = await kiln.client.run(name, code)
    assert reply.verdict == "runtime_error" and b"SyntaxError" in reply.stderr, reply
    assert reply.error == "execution error: exit status 1"
