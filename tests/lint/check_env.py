"""README.md names every variable that .env.example lists, and it and the scripts name no others.

That .env.example is what the code says is compared by tests/unit/test_config_example.c. What only
scripts read must be known to internal/config as well: it would take it for a misspelt name.
"""

import re

import tree as lint

EXAMPLE, README, VARIABLES = ".env.example", "README.md", "internal/config/variables.c"
SCRIPT_FOLDERS = (".ci/", "deploy/", "worker-image/", "tests/")

LISTED = re.compile(r"^# ([A-Z][A-Z0-9_]*)=", re.MULTILINE)
# Not KILN_NATS_... and the like, which stand for several.
NAMED = re.compile(r"\bKILN_[A-Z0-9_]*[A-Z0-9]\b(?!_|\*|…)")
CMAKE_NAME = re.compile(r"\b(?:option|set)\((KILN_[A-Z0-9_]+)")
QUOTED = re.compile(r'"(KILN_[A-Z0-9_]*[A-Z0-9])"')
EXPANDED = re.compile(r"\$\{?(KILN_[A-Z0-9_]+)")
TEST_PREFIX = "KILN_TEST_"


def cmake_names(tree):
    """Options of the build begin with KILN_ too."""
    names = set()
    for path in tree.files():
        if path.endswith((".cmake", "CMakeLists.txt")):
            names |= set(CMAKE_NAME.findall(tree.read(path)))
    return names


def check_names(tree, path, pattern, known):
    for number, line in enumerate(tree.read(path).split("\n"), 1):
        for name in pattern.findall(line):
            if name not in known and not name.startswith(TEST_PREFIX):
                tree.report(path, number, f"{name} is neither in {EXAMPLE} nor in {VARIABLES}")


def check(tree):
    if not tree.has(EXAMPLE):
        tree.report(EXAMPLE, 0, "is missing")
        return
    listed = LISTED.findall(tree.read(EXAMPLE))
    if not listed:
        tree.report(EXAMPLE, 0, "lists no variable")
    known = set(listed)
    if tree.has(VARIABLES):
        known |= set(QUOTED.findall(tree.read(VARIABLES)))
    for path in tree.files():
        if path.startswith(SCRIPT_FOLDERS) and lint.is_shell(tree, path):
            check_names(tree, path, EXPANDED, known)
    if tree.has(README):
        readme = tree.read(README)
        for name in listed:
            if not re.search(rf"\b{name}\b", readme):
                tree.report(README, 0, f"does not name {name}, which {EXAMPLE} lists")
        check_names(tree, README, NAMED, known | cmake_names(tree))


if __name__ == "__main__":
    lint.run(check)
