"""Runs in a worker container: compiles programs as the manifests say, and by the plain command.

Reads a list of {name, language, files} as JSON, writes what each way gave: the compiler's exit
status, its words and its CPU time, and the program's exit status and output.
"""
import json
import multiprocessing
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys


def run(argv, environment, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(argv, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = (done.stdout + done.stderr).decode("latin-1")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # An object's name is of another chance each time.
    return {"status": done.returncode, "said": re.sub(r"/tmp/cc\w{6}", "/tmp/cc", said),
            "cpu_ms": 1000 * cpu}


def compile_and_run(files, command, environment):
    folder = f"/tmp/job-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("latin-1"))
    compiled = run(command, environment, folder)
    program = pathlib.Path(folder, "main")
    by_gold = program.exists() and b".note.gnu.gold-version" in program.read_bytes()
    # Go makes no program of a package that is not main, and calls that a success.
    runs = compiled["status"] == 0 and os.access(program, os.X_OK)
    ran = run(["./main"], environment, folder) if runs else None
    return {"compiled": compiled, "ran": ran, "by_gold": by_gold}


def plain(command):
    """The command without what stands before the compiler."""
    names = [os.path.basename(argument) for argument in command]
    return command[next(names.index(name) for name in ("gcc", "g++", "go") if name in names):]


def twice(program):
    folder = pathlib.Path("/opt/kiln/languages", program["language"])
    manifest = json.loads((folder / "language.json").read_text())
    extension = pathlib.Path(manifest["file"]).suffix
    sources = [name for name in program["files"] if name.endswith(extension) and "/" not in name]
    sources = ["./" + name if name.startswith("@") else name for name in sources]
    command = []
    for argument in manifest["compile"]:
        command += sources if argument == "{sources}" else [argument]
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8",
                   **manifest["environment"]}
    return {"name": program["name"],
            "ours": compile_and_run(program["files"], command, environment),
            "plain": compile_and_run(program["files"], plain(command), environment)}


if __name__ == "__main__":
    with multiprocessing.Pool(os.cpu_count()) as pool:
        json.dump(pool.map(twice, json.load(sys.stdin), chunksize=1), sys.stdout)
