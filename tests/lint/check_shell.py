"""Every shell script passes shellcheck."""

import shutil
import subprocess

import tree as lint


def check(tree):
    scripts = [path for path in tree.files() if lint.is_shell(tree, path)]
    if not scripts:
        return
    if shutil.which("shellcheck") is None:
        tree.report("shellcheck", 0, "is not installed")
        return
    result = subprocess.run(["shellcheck", "--format=gcc", "--external-sources", "--", *scripts],
                            cwd=tree.root, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        tree.problems.extend((result.stdout + result.stderr).splitlines())


if __name__ == "__main__":
    lint.run(check)
