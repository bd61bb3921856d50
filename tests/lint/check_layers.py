"""The architecture is what CMakeLists.txt says it is.

Every #include "x/..." of a module is of itself or of one of its DEPS, no entry of DEPS is idle,
none leads in a circle, outside libraries are used where they belong, and the agent shares no more
with the service than SHARED.
"""

import re

import tree as lint

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.MULTILINE)

SHARED = {"base", "frame", "job"}
AGENT, SERVICE = "kiln-agent", "kilnd"

# Library: how its headers begin, what names it in LINK, and the modules that it belongs to.
OUTSIDE = {
    "libcurl": ("curl/", "CURL", {"docker"}),
    "nats.c": ("nats", "NATS", {"broker", "client"}),
    "jansson": ("jansson", "JANSSON", {"wire", "docker", "policy", "agent", "client"}),
    "pcre2": ("pcre2", "PCRE2", {"policy"}),
    "libb64": ("b64/", "B64", {"wire"}),
}


def includes(text):
    """(line, quoted or not, path) of each #include."""
    code = lint.blank_out(text, keep_strings=True)
    for match in INCLUDE.finditer(code):
        line = code.count("\n", 0, match.start(2)) + 1
        yield line, match.group(1) == '"', match.group(2)


def check_include(tree, module, path, line, header, used):
    other = header.split("/")[0]
    if "/" not in header:
        tree.report(path, line, f'#include "{header}" does not say of which module it is')
    elif other == module.name and module.kind == "module":
        return
    elif other not in module.deps:
        tree.report(path, line, f'{module.name} includes "{header}", but {other} is not among its '
                                "DEPS in CMakeLists.txt")
    used.add(other)


def check_outside(tree, module, path, line, header):
    for library, (prefix, _, allowed) in OUTSIDE.items():
        if header.startswith(prefix) and module.name not in allowed:
            tree.report(path, line, f"{library} belongs to {', '.join(sorted(allowed))}; "
                                    f"{module.name} may not use <{header}>")


def check_sources(tree, module, files):
    """Files of the folder that nobody compiles, or that are not there."""
    folder = f"internal/{module.name}/"
    there = {path[len(folder):] for path in files if path.startswith(folder)}
    for name in sorted(set(module.sources) - there):
        tree.report("CMakeLists.txt", module.line, f"{folder}{name} does not exist")
    for name in sorted(name for name in there - set(module.sources) if name.endswith(".c")):
        tree.report(folder + name, 0, "is not among the SOURCES of its module")


def check_link(tree, module):
    for library, (_, word, allowed) in OUTSIDE.items():
        if module.name not in allowed and any(word in item for item in module.link):
            tree.report("CMakeLists.txt", module.line,
                        f"{module.name} links {library}, which belongs to "
                        f"{', '.join(sorted(allowed))}")


def check_module(tree, module, files):
    folder = "internal/" if module.kind == "module" else "cmd/"
    used = set()
    for path in files:
        if not path.startswith(f"{folder}{module.name}/") or not path.endswith((".c", ".h")):
            continue
        for line, quoted, header in includes(tree.read(path)):
            if quoted:
                check_include(tree, module, path, line, header, used)
            check_outside(tree, module, path, line, header)
    for name in module.deps:
        if name not in used:
            tree.report("CMakeLists.txt", module.line,
                        f"{module.name} has {name} among its DEPS and includes nothing of it")
    check_link(tree, module)


def check_circles(tree, modules):
    done = set()

    def visit(name, trail):
        if name in trail:
            circle = " -> ".join(trail[trail.index(name):] + [name])
            tree.report("CMakeLists.txt", modules[name].line, f"DEPS lead in a circle: {circle}")
            return
        if name in done or name not in modules:
            return
        for other in modules[name].deps:
            visit(other, trail + [name])
        done.add(name)

    for name in modules:
        visit(name, [])


def reach(modules, program):
    """All modules that a program is made of."""
    reached, left = set(), list(program.deps)
    while left:
        name = left.pop()
        if name not in reached and name in modules:
            reached.add(name)
            left.extend(modules[name].deps)
    return reached


def check_shared(tree, modules, programs):
    if AGENT not in programs or SERVICE not in programs:
        return
    common = reach(modules, programs[AGENT]) & reach(modules, programs[SERVICE])
    for name in sorted(common - SHARED):
        tree.report("CMakeLists.txt", modules[name].line,
                    f"{name} is part of both {AGENT} and {SERVICE}, which may share "
                    f"{', '.join(sorted(SHARED))} alone")


def check_declared(tree, modules, programs, files):
    folders = {path.split("/")[1] for path in files
               if path.startswith("internal/") and path.count("/") > 1}
    for name in sorted(folders - set(modules)):
        tree.report(f"internal/{name}", 0, "has no kiln_module() in CMakeLists.txt")
    for module in list(modules.values()) + list(programs.values()):
        for name in module.deps:
            if name not in modules:
                tree.report("CMakeLists.txt", module.line,
                            f"{module.name} has {name} among its DEPS, which is no module")


def check(tree):
    modules, programs = lint.modules(tree)
    files = tree.files()
    if not modules:
        tree.report("CMakeLists.txt", 0, "has no kiln_module()")
    check_declared(tree, modules, programs, files)
    for module in modules.values():
        check_sources(tree, module, files)
    for module in list(modules.values()) + list(programs.values()):
        check_module(tree, module, files)
    check_circles(tree, modules)
    check_shared(tree, modules, programs)


if __name__ == "__main__":
    lint.run(check)
