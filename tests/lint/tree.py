"""What the checks share: the files of the project, its modules, and C without its comments."""

import os
import re
import subprocess
import sys

IGNORED_FOLDERS = {".git", "build", ".cache", "__pycache__", ".pytest_cache"}


class Tree:
    """The files of a checkout, and the problems that a check has found in them."""

    def __init__(self, root):
        self.root = os.path.abspath(root)
        self.problems = []

    def report(self, path, line, text):
        self.problems.append(f"{path}:{line}: {text}" if line else f"{path}: {text}")

    def files(self):
        """Every tracked file and every new one that is not ignored, relative to the root."""
        command = ["git", "-C", self.root, "ls-files", "-z", "--cached", "--others",
                   "--exclude-standard"]
        if os.path.exists(os.path.join(self.root, ".git")):
            listed = subprocess.run(command, capture_output=True, check=True).stdout
            paths = {path for path in listed.decode().split("\0") if path}
        else:
            paths = set(self.walk())
        return sorted(path for path in paths if os.path.isfile(os.path.join(self.root, path)))

    def walk(self):
        """The same where there is no git: in an unpacked archive."""
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name not in IGNORED_FOLDERS]
            for name in names:
                yield os.path.relpath(os.path.join(folder, name), self.root)

    def read(self, path):
        """The text of a file; None of one that is binary."""
        with open(os.path.join(self.root, path), "rb") as file:
            data = file.read()
        if b"\0" in data:
            return None
        return data.decode("utf-8", errors="replace")

    def has(self, path):
        return os.path.exists(os.path.join(self.root, path))


def run(check):
    """The main program of a check: its argument is the root of the checkout."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} ROOT")
    tree = Tree(sys.argv[1])
    check(tree)
    for problem in tree.problems:
        print(problem)
    sys.exit(1 if tree.problems else 0)


SHEBANG = re.compile(r"^#!\s*\S*(?:/|env )(?:ba|da)?sh\b")


def is_shell(tree, path):
    """By its name or, when the name has no suffix, by its first line."""
    suffix = os.path.splitext(path)[1]
    if suffix:
        return suffix in (".sh", ".bash")
    text = tree.read(path)
    return text is not None and SHEBANG.match(text) is not None


TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)


def blank_out(text, keep_strings=False):
    """C with comments (and what stands in quotes) as blanks; every line stays where it is."""

    def blank(match):
        token = match.group(0)
        if token[0] == "/":
            return re.sub(r"[^\n]", " ", token)
        return token if keep_strings else token[0] + " " * (len(token) - 2) + token[-1]

    return TOKEN.sub(blank, text)


class Module:
    """One kiln_module() or kiln_program() of CMakeLists.txt."""

    def __init__(self, kind, name, line, groups):
        self.kind = kind
        self.name = name
        self.line = line
        self.sources = groups.get("SOURCES", [])
        self.deps = groups.get("DEPS", [])
        self.link = groups.get("LINK", [])


def modules(tree):
    """The modules and programs that CMakeLists.txt declares: two dictionaries by name."""
    text = re.sub(r"#[^\n]*", "", tree.read("CMakeLists.txt"))
    found = {"module": {}, "program": {}}
    for match in re.finditer(r"^kiln_(module|program)\(([^)]*)\)", text, re.MULTILINE):
        words = match.group(2).split()
        groups, group = {}, None
        for word in words[1:]:
            if word in ("SOURCES", "DEPS", "LINK", "STATIC"):
                group = word
            else:
                groups.setdefault(group, []).append(word)
        line = text.count("\n", 0, match.start()) + 1
        found[match.group(1)][words[0]] = Module(match.group(1), words[0], line, groups)
    return found["module"], found["program"]
