"""A program that Kiln compiles quickly is the program that the plain compiler makes of it: the same
diagnostics, byte for byte, the same exit status, the same output."""
import json
import os
import pathlib
import subprocess

import pytest

IMAGE = os.environ.get("KILN_TEST_IMAGE", "kiln/worker:latest")
TWICE = pathlib.Path(__file__).parents[1] / "support" / "compiletwice.py"
BITS = "#include <bits/stdc++.h>\n"
STL = "#include <iostream>\n#include <vector>\n#include <algorithm>\n"
SORT = ("int main() { std::vector<int> v{3, 1, 2}; std::sort(v.begin(), v.end());\n"
        "  for (int x : v) std::cout << x; }\n")
NO_OUTPUT = "struct S {};\nint main() { std::cout << S{}; }\n"

# name: source. Where "quick" is in the name, it must have come out of the quick way.
CPP = {
    "quick iostream": "#include <iostream>\nint main() { std::cout << 42 << '\\n'; return 3; }\n",
    "quick bits": "// why\n\n/* and\n how */ " + BITS + SORT,
    "quick bits after others": "#include <map>\n#include <cstdio>\n" + BITS + SORT,
    "quick vector after others": "#include <cmath>\r\n#include <vector> // v\r\n"
                                 "#include <iostream>\r\nint main() {"
                                 " std::cout << std::vector<int>(3).size(); }\n",
    "quick algorithm": STL + SORT,
    "quick without headers": "int main() { return 7; }\n",
    "quick throws": STL + "int main() { try { std::vector<int>().at(1); }\n"
                          "  catch (const std::exception &e) { std::cout << e.what(); } }\n",
    "quick terminates": "#include <stdexcept>\nint main() { throw std::runtime_error(\"x\"); }\n",
    "quick floats": "#include <cmath>\n" + STL + "int main() { double s = 0;\n"
                    "  for (int i = 1; i < 999; i++) s += std::sin(i) / i; std::cout.precision(17);"
                    "\n  std::cout << s; }\n",
    "quick pragma after headers": STL + "#pragma GCC optimize(\"O3\")\n" + SORT,
    "quick pragma before headers": "#pragma GCC optimize(\"O3\")\n" + STL + SORT,
    "quick define before headers": "#define _GLIBCXX_ASSERTIONS\n" + STL +
                                   "int main() { std::vector<int> v(1); return v[v.size()]; }\n",
    "quick debug containers": "#define _GLIBCXX_DEBUG 1\n" + STL +
                              "int main() { std::vector<int> v; std::cout << sizeof v; }\n",
    "quick define after headers": STL + "#define int long long\n"
                                        "signed main() { std::cout << sizeof(int); }\n",
    "quick define between": "#include <iostream>\n#define N 3\n#include <vector>\n"
                            "int main() { std::cout << std::vector<int>(N).size(); }\n",
    "quick names of its own": "#include <iostream>\nusing namespace std;\nint count, queue, gcd, sort;"
                              "\nint main() { cout << count + queue + gcd + sort; }\n",
    "quick specialization": BITS + "struct P { int x; bool operator==(const P &) const = default; };"
                            "\ntemplate <> struct std::hash<P> { size_t operator()(const P &p) const"
                            " { return p.x; } };\nint main() { std::unordered_set<P> s{{1}, {1}};"
                            " std::cout << s.size(); }\n",
    "quick order of initialization": "#include <iostream>\nstruct A { A(int i) { std::cout << i; } };"
                                     "\nA a{1}; A b __attribute__((init_priority(200))){2};"
                                     " inline A c{3};\nint main() {}\n",
    "quick thread": "#include <iostream>\n#include <thread>\nint main() {"
                    " std::jthread t([] { std::cout << 1; }); }\n",
    "quick regex": BITS + "int main() { std::cout << std::regex_match(\"aab\","
                          " std::regex(\"a+b\")); }\n",
    "quick file and line": "#include <iostream>\nint main() { std::cout << __FILE__ << __LINE__"
                           " << __COUNTER__ << __INCLUDE_LEVEL__ << __BASE_FILE__; }\n",
    "quick json": "#include <iostream>\n#include <nlohmann/json.hpp>\nint main() {"
                  " std::cout << nlohmann::json({{\"a\", 1}}); }\n",
    "quick spliced comment": "// a \\\n#include <vector>\n#include <iostream>\n"
                             "int main() { std::cout << 1; }\n",
    "misses a header": "#include <iostream>\nint main() { std::map<int, int> m; }\n",
    "misses a header after a spliced comment": "// a \\\n#include <vector>\n#include <iostream>\n"
                                               "int main() { std::vector<int> v; }\n",
    "misses a header in a comment": "/* \n#include <vector>\n*/\n#include <iostream>\n"
                                    "int main() { std::vector<int> v; }\n",
    "misses a header in a spliced comment": "/* *\\\n/ int map; /*\n#include <vector>\n*/\n"
                                            "#include <iostream>\nint main() { std::vector<int> v; }"
                                            "\n",
    "misses a header by condition": "#include <iostream>\n#if 0\n#include <vector>\n#endif\n"
                                    "int main() { std::vector<int> v; }\n",
    "ambiguous names": STL + "using namespace std;\nint count, data, sort;\n"
                             "int main() { cout << count + data + sort; }\n",
    "keyword defined first": "#define int long long\n" + BITS + "int main() {}\n",
    "private public": "#define private public\n#include <iostream>\n" + SORT,
    "trace of bits": "\n// line 3\n" + BITS + NO_OUTPUT + "int f() { std::string s = 5; }\n",
    "trace of three": STL + NO_OUTPUT + "void f() { std::vector<S> v; std::sort(v.begin(),"
                                        " v.end()); }\n",
    "trace in another order": "#include <vector>\n#include <iostream>\n" + NO_OUTPUT,
    "trace that is quoted": "#include <iostream>\n" + "int main() { std::cout << S{} <<"
                                   " \"from /opt/kiln/precompiled/iostream.h:1\"; }\n",
    "trace that is forged": "#include <iostream>\n#line 1 \"/opt/kiln/precompiled/iostream.h\"\n"
                            "int main() { x; }\n",
    "warnings": STL + "#warning careful\nint main() { std::cout << 1; int x = 5'000'000'000; }\n",
    "a header that is not there": "#include <iostream>\n#include <not/there>\nint main() {}\n",
    "undefined reference": "#include <iostream>\nint f();\nint main() { std::cout << f(); }\n",
    "no main": STL,
    "syntax": "#include <iostream>\nint main() { std::cout << \"a }\n",
    "empty": "",
    "late specialization": "#include <iostream>\n#include <string>\n"
                           "template <> std::string::size_type std::string::size() const"
                           " noexcept { return 1; }\nint main() {}\n",
}
C = {
    "quick hello": "#include <stdio.h>\nint main(void) { puts(\"hi\"); return 4; }\n",
    "quick math": "#include <math.h>\n#include <stdio.h>\nint main(int c, char **v)"
                  " { printf(\"%.17g\", sin(c)); }\n",
    "quick thread": "#include <pthread.h>\n#include <stdio.h>\nstatic void *f(void *p) { puts(p);"
                    " return 0; }\nint main(void) { pthread_t t; pthread_create(&t, 0, f, \"t\");"
                    " return pthread_join(t, 0); }\n",
    "quick constructors": "#include <stdio.h>\n__attribute__((constructor)) static void f(void)"
                          " { puts(\"c\"); }\nint main(void) { puts(\"m\"); }\n",
    "warnings": "int main(void) { return f(); }\nint f(void) { return 1; }\n",
    "error": "int main(void) { return x }\n",
    "dangerous function": "#include <stdio.h>\nchar *gets(char *);\n"
                          "int main(void) { char b[9]; gets(b); }\n",
    "executable stack": "int main(void) { int k = 3; int f(int x) { return x + k; }\n"
                        "  int (*volatile p)(int) = f; return p(2); }\n",
    "undefined reference": "int f(void);\nint main(void) { return f(); }\n",
    "crash": "int main(void) { *(volatile int *)0 = 1; }\n",
}
GO = {
    "hello": "package main\nimport \"fmt\"\nfunc main() { fmt.Println(1) }\n",
    "unused": "package main\nimport \"os\"\nfunc main() { x := 1 }\n",
    "syntax": "package main\nfunc main() { x := }\n",
    "no such package": "package main\nimport \"x.y/z\"\nfunc main() { z.Z() }\n",
    "panic": "package main\nfunc main() { panic(\"p\") }\n",
    "cores": "package main\nimport \"runtime\"\nfunc main() { println(runtime.GOMAXPROCS(0)"
             " == runtime.NumCPU()) }\n",
    "another package": "package other\nfunc F() {}\n",
}
SEVERAL = [
    ("quick own header", "cpp", {"main.cpp": "#include <iostream>\n#include \"vector\"\n"
                                             "int main() { std::cout << own; }\n",
                                 "vector": "#pragma once\ninline int own = 5;\n"}),
    ("two sources", "cpp", {"main.cpp": "#include <iostream>\nint f();\n"
                                        "int main() { std::cout << f(); }\n",
                            "f.cpp": "int f() { return 6; }\n"}),
    ("a size that differs", "c", {"main.c": "extern int a[20];\nint main(void) { return a[1]; }\n",
                                  "a.c": "int a[10];\n"}),
    ("quick own bits", "cpp", {"main.cpp": "#include \"bits/stdc++.h\"\nint main() { return own; }\n",
                               "bits/stdc++.h": "inline int own = 9;\n"}),
    ("error in own header", "cpp", {"main.cpp": STL + "#include \"x.h\"\nint main() {}\n",
                                    "x.h": "int f() { return S{}; }\n"}),
    ("two go files", "go", {"main.go": "package main\nfunc main() { println(f()) }\n",
                            "f.go": "package main\nfunc f() int { return 2 }\n"}),
]


def every_program():
    for language, file, programs in (("cpp", "main.cpp", CPP), ("c", "main.c", C),
                                     ("go", "main.go", GO)):
        for name, source in programs.items():
            yield {"name": f"{language}: {name}", "language": language, "files": {file: source}}
    for name, language, files in SEVERAL:
        yield {"name": f"{language}: {name}", "language": language, "files": files}


def compile_twice(programs):
    """In one container: what both ways gave, by the program's name."""
    socket = os.environ.get("KILN_TEST_DOCKER_SOCKET", "/var/run/docker.sock")
    command = ["docker", "--host", f"unix://{socket}", "run", "--rm", "--interactive",
               "--network", "none", "--read-only", "--user", "20001:20001",
               "--tmpfs", "/tmp:exec,mode=1777", "--entrypoint", "python3", IMAGE,
               "-c", TWICE.read_text()]
    done = subprocess.run(command, input=json.dumps(programs).encode(), capture_output=True,
                          timeout=600, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return {answer["name"]: answer for answer in json.loads(done.stdout)}


@pytest.fixture(scope="module")
def answers():
    return compile_twice(list(every_program()))


@pytest.mark.parametrize("name", [program["name"] for program in every_program()])
def test_same_program(answers, name):
    ours, plain = answers[name]["ours"], answers[name]["plain"]
    assert ours["compiled"]["said"] == plain["compiled"]["said"]
    assert ours["compiled"]["status"] == plain["compiled"]["status"]
    assert (ours["ran"] is None) == (plain["ran"] is None)
    if plain["ran"] is not None:
        assert ours["ran"]["status"] == plain["ran"]["status"]
        assert ours["ran"]["said"] == plain["ran"]["said"]
    assert not plain["by_gold"]
    if ": quick " in name:
        assert ours["by_gold"] and plain["compiled"]["status"] == 0


# Measured: 0.09 for the diagnostics of bits/stdc++.h, 0.2 for the others.
@pytest.mark.parametrize("name, share", [
    ("cpp: quick bits after others", 0.5), ("cpp: quick iostream", 0.5),
    ("cpp: trace of bits", 0.3)])
def test_it_costs_less(answers, name, share):
    ours, plain = answers[name]["ours"], answers[name]["plain"]
    assert ours["compiled"]["cpu_ms"] < share * plain["compiled"]["cpu_ms"]
