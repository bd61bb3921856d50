"""Plain containers of the worker image in which programs run cold."""
import asyncio
import base64
import json
import os
import pathlib
import signal

from dockerapi import Docker
from engine import IMAGE
from outcome import Outcome

RUNNER = pathlib.Path(__file__).with_name("runner.py")
INTERPRETER = "/usr/bin/python3"  # of the runner, and in the image since it is a language of it
MEMORY = "464m"  # with the room that Kiln gives to processes which stand ready
TMPFS = "rw,exec,nosuid,nodev,mode=1777,size=64m,nr_inodes=16384"
PLACES = ("/workspace", "/tmp", "/dev/shm")
SECONDS = 20
LINE_BYTES_MAX = 64 * 1024 * 1024

# What Kiln gives every program (worker-image/README.md), in its order; a manifest adds to it.
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "USER": "job",
    "LOGNAME": "job",
}


def _docker_command():
    command = ["docker", "run", "--rm", "--interactive", "--log-driver", "none",
               "--network", "none", "--ipc", "private", "--read-only",
               "--memory", MEMORY, "--memory-swap", MEMORY, "--pids-limit", "160",
               "--security-opt", "no-new-privileges", "--cap-drop", "ALL"]
    for capability in ("SETUID", "SETGID", "KILL", "CHOWN", "DAC_OVERRIDE", "FOWNER"):
        command += ["--cap-add", capability]
    for place in PLACES:
        command += ["--tmpfs", f"{place}:{TMPFS}"]
    return command + ["--entrypoint", INTERPRETER, IMAGE, "-c", RUNNER.read_text(encoding="utf-8")]


def _signal_name(number):
    """Signals without a use of their own have only a number."""
    return f"SIG{number}" if number >= signal.SIGRTMIN else signal.Signals(number).name


def _text(data):
    return base64.b64encode(data).decode()


class ColdContainer:
    """One container; one program at a time."""

    def __init__(self):
        self._process = None

    async def start(self):
        self._process = await asyncio.create_subprocess_exec(
            *_docker_command(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES_MAX, env=os.environ | {"DOCKER_HOST": f"unix://{Docker().path}"})
        return self

    async def run(self, manifest, program):
        job = {
            "command": manifest["run"] + program.args,
            "environment": ENVIRONMENT | manifest["environment"],
            "files": {name: _text(content) for name, content
                      in ({manifest["file"]: program.code} | program.files).items()},
            "stdin": _text(program.stdin),
            "seconds": SECONDS,
        }
        self._process.stdin.write(json.dumps(job).encode() + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        assert line, "the container for cold programs has ended"
        answer = json.loads(line)
        status = answer["status"]
        assert status is not None, f"{program.name} does not end"
        return Outcome(
            stdout=base64.b64decode(answer["stdout"]),
            stderr=base64.b64decode(answer["stderr"]),
            exit_code=status if status >= 0 else None,
            signal=_signal_name(-status) if status < 0 else None)

    async def close(self):
        """The runner ends with its input, and the container with the runner."""
        self._process.stdin.close()
        await asyncio.wait_for(self._process.wait(), 30)
