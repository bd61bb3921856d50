"""Length, complexity and the other rules of style that a machine can keep."""

import os
import re

import tree as lint

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 600
COMPLEXITY_MAX = 15
COLUMNS_MAX = 100
TEXT_COLUMNS_MAX = 120  # of a line that is one string: a line of a help text as it is printed
ONLY_TEXT = re.compile(r'^\s*"(?:[^"\\]|\\.)*"[,;)]*$')
MAIN_LINES_MAX = 150
TAB_COLUMNS = 8

# C that is part of Kiln. Programs that are given to it to run, good and hostile, follow no rule.
C_FOLDERS = ("internal/", "cmd/", "tests/unit/", "tests/fuzz/", "tests/integration/",
             "tests/support/")
# Data, which is as it is.
DATA = ("tests/fuzz/corpus/", "tests/attacks/", "tests/e2e/", "worker-image/languages/", "LICENSE")

FORBIDDEN = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|gets|alloca|system|popen)"
                       r"\s*\(")
BRANCH = re.compile(r"\b(?:if|for|while|case)\b|&&|\|\||\?")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
TYPEDEF = re.compile(r"\btypedef\s+(?:struct|union)\b")
LOOSE_BRACE = re.compile(r"^[A-Za-z_].*\)\s*\{\s*$")
DEFINED_NAME = re.compile(r"(\w+)\s*\(")


class Function:
    def __init__(self, name, first, last, code):
        self.name = name
        self.line = first + 1
        self.length = last - first + 1
        self.complexity = 1 + len(BRANCH.findall(code))


def functions(code):
    """The functions of C without comments and strings, whose braces stand in the first column."""
    lines = code.split("\n")
    opened = None
    for number, line in enumerate(lines):
        if line == "{":
            opened = number
        elif line.startswith("}") and opened is not None:
            first = opened
            while first > 0 and is_signature(lines[first - 1]):
                first -= 1
            signature = " ".join(lines[first:opened])
            name = DEFINED_NAME.search(signature)
            yield Function(name.group(1) if name else signature.strip(), first, number,
                           "\n".join(lines[opened:number]))
            opened = None


def is_signature(line):
    return bool(line.strip()) and not line.startswith(("#", "}")) and not line.endswith(";")


def check_functions(tree, path, code):
    for function in functions(code):
        if function.length > FUNCTION_LINES_MAX:
            tree.report(path, function.line, f"{function.name}() has {function.length} lines; "
                                             f"allowed are {FUNCTION_LINES_MAX}")
        if function.complexity > COMPLEXITY_MAX:
            tree.report(path, function.line, f"{function.name}() has a complexity of "
                                             f"{function.complexity}; allowed is {COMPLEXITY_MAX}")


def columns(line):
    return len(line.expandtabs(TAB_COLUMNS))


def check_indentation(tree, path, number, line, before):
    """Tabs indent; fewer than eight spaces behind them line up a continued expression."""
    indent = line[:len(line) - len(line.lstrip())]
    if " " * TAB_COLUMNS in indent:
        tree.report(path, number, "spaces for indentation where a tab belongs")
    elif " \t" in indent:
        tree.report(path, number, "a space before a tab")
    elif indent.startswith(" ") and before.endswith((";", "{", "}")):
        tree.report(path, number, "spaces for indentation where a tab belongs")


def check_lines(tree, path, text, code):
    before = ""
    for number, (line, stripped) in enumerate(zip(text.split("\n"), code.split("\n")), 1):
        allowed = TEXT_COLUMNS_MAX if ONLY_TEXT.match(line) else COLUMNS_MAX
        if columns(line) > allowed:
            tree.report(path, number, f"{columns(line)} columns; allowed are {allowed}")
        for name in FORBIDDEN.findall(stripped):
            tree.report(path, number, f"{name}() is not allowed")
        if TYPEDEF.search(stripped):
            tree.report(path, number, "a struct has no typedef: write struct name")
        if LOOSE_BRACE.match(stripped):
            tree.report(path, number, "the brace of a function stands on a line of its own")
        if stripped.strip():
            check_indentation(tree, path, number, line, before)
            before = stripped.rstrip()


def check_comments(tree, path, text):
    for match in lint.TOKEN.finditer(text):
        if match.group(0).startswith("//"):
            tree.report(path, text.count("\n", 0, match.start()) + 1,
                        "a // comment: write /* */")


def check_header(tree, path, text):
    stem = os.path.splitext(os.path.basename(path))[0]
    words = os.path.splitext(path)[0].replace("internal/", "", 1)
    guard = "KILN_" + re.sub(r"[^A-Za-z0-9]", "_", words).upper() + "_H"
    directives = re.findall(r"^#[ \t]*(\w+)[ \t]*(.*?)[ \t]*$", text, re.MULTILINE)
    if directives[:2] != [("ifndef", guard), ("define", guard)]:
        tree.report(path, 1, f"the header guard must be {guard}")
    if not text.startswith(f"/* {stem}: "):
        tree.report(path, 1, f'a header begins with its contract: "/* {stem}: ..."')


def check_c(tree, path, text):
    code = lint.blank_out(text)
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        tree.report(path, 0, f"has {lines} lines; allowed are {FILE_LINES_MAX}")
    if re.fullmatch(r"cmd/[^/]+/main\.c", path) and lines >= MAIN_LINES_MAX:
        tree.report(path, 0, f"has {lines} lines; a main.c has fewer than {MAIN_LINES_MAX}")
    check_functions(tree, path, code)
    check_lines(tree, path, text, code)
    check_comments(tree, path, text)
    if path.endswith(".h"):
        check_header(tree, path, text)


def check_text(tree, path, text):
    if path.startswith(DATA):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip():
            tree.report(path, number, "white space at the end of the line")
        if UNFINISHED.search(line) and not path.startswith("tests/lint/"):
            tree.report(path, number, "unfinished: do it, or track it where work is tracked")


def check(tree):
    seen = 0
    for path in tree.files():
        text = tree.read(path)
        if text is None:
            continue
        check_text(tree, path, text)
        if path.endswith((".c", ".h")) and path.startswith(C_FOLDERS):
            check_c(tree, path, text)
            seen += 1
    if seen == 0:
        tree.report("internal", 0, "holds no C: is this the root of the checkout?")


if __name__ == "__main__":
    lint.run(check)
