"""Each check passes a good tree and finds what is wrong in a bad one.

A case is a good tree with some files replaced; it names what the check must say, all of it.
"""

import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKS = os.path.dirname(HERE)

HEADER = """/* {stem}: a module. */
#ifndef KILN_{guard}_H
#define KILN_{guard}_H

int {stem}_get(void);

#endif
"""

SOURCE = """#include "{module}/{module}.h"
{includes}
int {module}_get(void)
{{
	return 0;
}}
"""


def header(path):
    name = os.path.splitext(path.replace("internal/", ""))[0]
    return HEADER.format(stem=os.path.basename(name), guard=name.replace("/", "_").upper())


def source(module, *includes):
    return SOURCE.format(module=module,
                         includes="".join(f'#include "{name}/{name}.h"\n' for name in includes))


CMAKE = """# kiln_module(comment SOURCES nothing.c)
kiln_module(base SOURCES base.c)
kiln_module(frame SOURCES frame.c DEPS base)
kiln_module(docker SOURCES docker.c DEPS base LINK PkgConfig::CURL)
kiln_module(agent SOURCES agent.c DEPS base frame)
kiln_program(kilnd DEPS docker)
kiln_program(kiln-agent STATIC DEPS agent)
"""

EXAMPLE = "# One.\n# KILN_ONE=1\n\n# Two.\n# NATSURL=nats://localhost:4222\n"

GOOD = {
    "CMakeLists.txt": CMAKE,
    "internal/base/base.h": header("internal/base/base.h"),
    "internal/base/base.c": source("base"),
    "internal/frame/frame.h": header("internal/frame/frame.h"),
    "internal/frame/frame.c": source("frame", "base"),
    "internal/docker/docker.h": header("internal/docker/docker.h"),
    "internal/docker/docker.c": source("docker", "base") + "#include <curl/curl.h>\n",
    "internal/agent/agent.h": header("internal/agent/agent.h"),
    "internal/agent/agent.c": source("agent", "base", "frame"),
    "cmd/kilnd/main.c": '#include "docker/docker.h"\n\nint main(void)\n{\n\treturn 0;\n}\n',
    "cmd/kiln-agent/main.c": '#include "agent/agent.h"\n\nint main(void)\n{\n\treturn 0;\n}\n',
    "internal/config/variables.c": None,
    ".env.example": EXAMPLE,
    "README.md": "`KILN_ONE`, `NATSURL`, KILN_TWO_…, cmake -DKILN_BUILT=1, KILN_TEST_X\n",
    "cmake/flags.cmake": 'option(KILN_BUILT "x" OFF)\n',
    "deploy/up.sh": '#!/bin/bash\necho "${KILN_ONE:-}"\n',
}


def function(*lines):
    """A base.c that passes but for these lines of a function."""
    return source("base") + "\nint base_more(int a)\n{\n" + "".join(
        line + "\n" for line in lines) + "}\n"


def base(text):
    return {"internal/base/base.c": text}


BASE = "internal/base/base.c"
# In base.c by function(): its head is at line 8, its first line at line 10.
LAYERS = [
    ({}, []),
    ({"internal/frame/frame.c": source("frame", "base", "docker")},
     ['internal/frame/frame.c:3: frame includes "docker/docker.h", but docker is not among its '
      "DEPS in CMakeLists.txt"]),
    ({"internal/frame/frame.c": source("frame")},
     ["CMakeLists.txt:3: frame has base among its DEPS and includes nothing of it"]),
    ({"internal/frame/frame.c": source("frame") + '/* #include "base/base.h" */\n'},
     ["CMakeLists.txt:3: frame has base among its DEPS and includes nothing of it"]),
    (base('#include "base.h"\n'),
     ['internal/base/base.c:1: #include "base.h" does not say of which module it is']),
    ({"CMakeLists.txt": CMAKE.replace("base.c)", "base.c DEPS frame)"),
      BASE: source("base", "frame")},
     ["CMakeLists.txt:2: DEPS lead in a circle: base -> frame -> base"]),
    ({"internal/frame/frame.c": source("frame", "base") + "#include <curl/curl.h>\n"},
     ["internal/frame/frame.c:8: libcurl belongs to docker; frame may not use <curl/curl.h>"]),
    ({BASE: source("base") + "#include <jansson.h>\n#include <nats/nats.h>\n"},
     ["internal/base/base.c:7: jansson belongs to agent, client, docker, policy, wire; base may not "
      "use <jansson.h>",
      "internal/base/base.c:8: nats.c belongs to broker, client; base may not use <nats/nats.h>"]),
    ({"cmd/kilnd/main.c": '#include "docker/docker.h"\n#include "base/base.h"\n'},
     ['cmd/kilnd/main.c:2: kilnd includes "base/base.h", but base is not among its DEPS in '
      "CMakeLists.txt"]),
    ({"CMakeLists.txt": CMAKE.replace("agent.c DEPS base", "agent.c DEPS base docker"),
      "internal/agent/agent.c": source("agent", "base", "frame", "docker")},
     ["CMakeLists.txt:4: docker is part of both kiln-agent and kilnd, which may share base, "
      "frame, job alone"]),
    ({"CMakeLists.txt": CMAKE.replace("base.c)", "base.c LINK PkgConfig::NATS)")},
     ["CMakeLists.txt:2: base links nats.c, which belongs to broker, client"]),
    ({"internal/base/more.c": "int x;\n"},
     ["internal/base/more.c: is not among the SOURCES of its module"]),
    ({BASE: None}, ["CMakeLists.txt:2: internal/base/base.c does not exist"]),
    ({"internal/new/new.c": "int x;\n"}, ["internal/new: has no kiln_module() in CMakeLists.txt"]),
    ({"CMakeLists.txt": CMAKE.replace("DEPS docker)", "DEPS docker gone)")},
     ["CMakeLists.txt:6: kilnd has gone among its DEPS, which is no module",
      "CMakeLists.txt:6: kilnd has gone among its DEPS and includes nothing of it"]),
]

FORBIDDEN = ["strcpy", "strcat", "sprintf", "vsprintf", "strtok", "atoi", "gets", "alloca",
             "system", "popen"]

STYLE = [
    ({}, []),
    (base(function(*["\ta++;"] * 67)), []),
    (base(function(*["\ta++;"] * 68)),
     [f"{BASE}:8: base_more() has 71 lines; allowed are 70"]),
    (base(source("base") + "int x;\n" * 594), []),
    (base(source("base") + "int x;\n" * 595), [f"{BASE}: has 601 lines; allowed are 600"]),
    (base(function("\tif (a && a || a) a = a ? 1 : 2;", *["\tfor (;;) while (a) a--;"] * 5)), []),
    (base(function("\tif (a && a || a) a = a ? 1 : 2;", "\tif (a) a = 'a'; /* if (a && a) */",
                   *["\tfor (;;) while (a) a--;"] * 5)),
     [f"{BASE}:8: base_more() has a complexity of 16; allowed is 15"]),
    (base(function("\tswitch (a) {", *[f"\tcase {n}: break;" for n in range(15)], "\t}")),
     [f"{BASE}:8: base_more() has a complexity of 16; allowed is 15"]),
    (base(function(*[f"\t(void){name}(a);" for name in FORBIDDEN])),
     [f"{BASE}:{10 + n}: {name}() is not allowed" for n, name in enumerate(FORBIDDEN)]),
    (base(function("\tvsnprintf(a); my_system(a); a = strtok_r; /* gets(a) */ puts(\"atoi(x)\");")),
     []),
    (base(function("\ta++; // why")), [f"{BASE}:10: a // comment: write /* */"]),
    (base(function('\tputs("https://example");', "\t/* // */")), []),
    (base(function("\t/* TO" "DO: more */", "\t/* X" "XX */", "\tXX" "XX(FIX" "MES);")),
     [f"{BASE}:10: unfinished: do it, or track it where work is tracked",
      f"{BASE}:11: unfinished: do it, or track it where work is tracked"]),
    ({"deploy/up.sh": "# FIX" "ME \n"},
     ["deploy/up.sh:1: white space at the end of the line",
      "deploy/up.sh:1: unfinished: do it, or track it where work is tracked"]),
    (base("typedef struct x x;\ntypedef int (*f)(struct x *);\n"),
     [f"{BASE}:1: a struct has no typedef: write struct name"]),
    (base(function("\ta++; ")), [f"{BASE}:10: white space at the end of the line"]),
    (base(function("        a++;")), [f"{BASE}:10: spaces for indentation where a tab belongs"]),
    (base(function("\ta++;", "    a++;")),
     [f"{BASE}:11: spaces for indentation where a tab belongs"]),
    (base(function(" \ta++;")), [f"{BASE}:10: a space before a tab"]),
    (base(function("\ta = a +", "\t    a;", "\t/* one", "\t * two */")), []),
    (base(function("\ta = " + "1" * 87 + ";")), []),
    (base(function("\ta = " + "1" * 88 + ";")), [f"{BASE}:10: 101 columns; allowed are 100"]),
    (base("int f(void) {\n\treturn 0;\n}\n"),
     [f"{BASE}:1: the brace of a function stands on a line of its own"]),
    ({"internal/base/base.h": header("internal/base/more.h")},
     ["internal/base/base.h:1: the header guard must be KILN_BASE_BASE_H",
      'internal/base/base.h:1: a header begins with its contract: "/* base: ..."']),
    ({"cmd/kilnd/main.c": "int x;\n" * 149}, []),
    ({"cmd/kilnd/main.c": "int x;\n" * 150},
     ["cmd/kilnd/main.c: has 150 lines; a main.c has fewer than 150"]),
    ({"worker-image/languages/c/hello.c": "void f() { system(0); } \n"}, []),
]

REGISTRY = "a package registry's host: which one is used is a setting of the machine"
ISSUE = "a number of an issue: say what was wrong instead"


def word(text, match, meaning):
    return ({"a.md": f"good\n{text}\n"}, [f'a.md:2: "{match}": {meaning}'])


WORDS = [
    ({}, []),
    ({"a.md": "the session leader, setsid, its own session, a NATS session, sessions, #include\n"
              "$root/etc ${work}/x ../work/x workspace/work/x /home/$USER/x C#7 tissue #x\n"
              "kiln/worker:latest debian:bookworm docker.io docs.docker.com crates.iota\n"}, []),
    word("see issue #12", "issue #12", ISSUE),
    word("Fixes #3", "Fixes #3", ISSUE),
    word("PR #4", "PR #4", ISSUE),
    word("left for a later session", "later session", "a session of work"),
    word("not done in this session.", "in this session", "a session of work"),
    word("during the next session", "during the next session", "a session of work"),
    word("Co-Authored-By: Claude", "Co-Authored-By: Claude", "who wrote it"),
    word("cd /work/main", "/work/", "a path of one machine"),
    word('"/root/.cache"', "/root/", "a path of one machine"),
    word("ls /home/anna/x", "/home/a", "a path of one machine"),
    word("pip -i https://pypi.org/simple", "pypi.org", REGISTRY),
    word("https://registry.npmjs.org/", "registry.npmjs.org", REGISTRY),
    word("http://deb.debian.org/debian", "deb.debian.org", REGISTRY),
    word("GOPROXY=https://proxy.golang.org", "proxy.golang.org", REGISTRY),
    word("index.crates.io", "crates.io", REGISTRY),
    word("docker.io/library/debian", "docker.io", REGISTRY),
]

ENV = [
    ({}, []),
    ({".env.example": None}, [".env.example: is missing"]),
    ({".env.example": "# nothing\n"},
     [".env.example: lists no variable",
      "README.md:1: KILN_ONE is neither in .env.example nor in internal/config/variables.c",
      "deploy/up.sh:2: KILN_ONE is neither in .env.example nor in internal/config/variables.c"]),
    ({".env.example": EXAMPLE + "# KILN_THREE=\n"},
     ["README.md: does not name KILN_THREE, which .env.example lists"]),
    ({"README.md": "KILN_ONE NATSURL\nKILN_ONCE\n"},
     ["README.md:2: KILN_ONCE is neither in .env.example nor in internal/config/variables.c"]),
    ({"deploy/up.sh": '#!/bin/bash\necho "$KILN_STATE"\n'},
     ["deploy/up.sh:2: KILN_STATE is neither in .env.example nor in "
      "internal/config/variables.c"]),
    ({"deploy/up.sh": '#!/bin/bash\necho "$KILN_STATE"\n',
      "internal/config/variables.c": '\t"KILN_STATE",\n'}, []),
    ({"README.md": None}, []),
]

SHELL = [
    ({}, []),
    ({"deploy/up.sh": "#!/bin/bash\necho $1\n"},
     ["deploy/up.sh:2:6: note: Double quote to prevent globbing and word splitting. [SC2086]"]),
    ({".ci/run": "#!/usr/bin/env bash\nx=1\n"},
     [".ci/run:2:1: warning: x appears unused. Verify use (or export if used externally). "
      "[SC2034]"]),
    ({".ci/run": "#!/usr/bin/env python3\nx = $1\n"}, []),
]

ALL = {"layers": LAYERS, "style": STYLE, "words": WORDS, "env": ENV, "shell": SHELL}


def write_tree(root, changes):
    for path, text in {**GOOD, **changes}.items():
        if text is None:
            continue
        target = os.path.join(root, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)


def run_check(name, root):
    script = os.path.join(CHECKS, f"check_{name}.py")
    result = subprocess.run([sys.executable, "-B", script, root], capture_output=True, text=True,
                            check=False)
    if result.stderr:
        return [result.stderr]
    said = result.stdout.splitlines()
    if (result.returncode != 0) != bool(said):
        return [f"exit status {result.returncode} after {said}"]
    return said


def main():
    failures = count = 0
    for name, cases in ALL.items():
        for number, (changes, expected) in enumerate(cases):
            count += 1
            with tempfile.TemporaryDirectory() as root:
                write_tree(root, changes)
                said = run_check(name, root)
            if sorted(said) != sorted(expected):
                failures += 1
                print(f"{name}[{number}]: expected", *expected, "", sep="\n  ")
                print("but it said", *said, "", sep="\n  ")
    print(f"{count} cases, {failures} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
