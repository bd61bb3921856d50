"""Images with the double in place of the agent: the image under test with two small layers more."""
import asyncio
import json
import os
import pathlib
import re
import shutil
import tempfile

from dockerapi import Docker
from engine import IMAGE

HERE = pathlib.Path(__file__).parent
HEADERS = HERE.parents[2] / "internal"
DEFINITION = re.compile(r"^#define\s+(\w+)\s+(\d+)$|^\t(STREAM_\w+) = (\d+),", re.MULTILINE)
FRAME_TYPE = re.compile(r"^\tFRAME_(\w+) = (\d+),", re.MULTILINE)
REPOSITORY = f"kiln/hostile-agent-{os.getpid()}"


def frame_types():
    """The types of frames by name, as the header defines them; and three numbers that are none."""
    header = (HEADERS / "frame/frame.h").read_text(encoding="utf-8")
    types = {name: int(number) for name, number in FRAME_TYPE.findall(header)}
    return types | {"NONE": 0, "UNKNOWN": max(types.values()) + 1, "LAST_OF_ALL": 255}


def protocol():
    """The protocol's numbers, as the headers define them."""
    numbers = {}
    for header in ("frame/frame.h", "frame/hello.h", "job/outcome.h"):
        for match in DEFINITION.finditer((HEADERS / header).read_text(encoding="utf-8")):
            numbers[match[1] or match[3]] = int(match[2] or match[4])
    types = frame_types()
    return numbers | {f"FRAME_{name}": number for name, number in types.items()} | {
        "FRAME_TYPES": types}


async def docker_command(*arguments):
    process = await asyncio.create_subprocess_exec(
        "docker", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"DOCKER_HOST": f"unix://{Docker().path}", "DOCKER_BUILDKIT": "0"})
    try:
        output = (await process.communicate())[0].decode()
    finally:
        if process.returncode is None:  # the run was ended: so is the build
            process.kill()
            await process.wait()
    assert process.returncode == 0, f"docker {' '.join(arguments)}: {output}"
    return output


class Images:
    """One for each way of the double, built when it is first asked for. `turns`: the greetings of
    the way "by-turns"."""

    def __init__(self, turns):
        self._context = tempfile.TemporaryDirectory(prefix="kiln-double-")
        self._lock = asyncio.Lock()
        self._built = []
        for name in ("Dockerfile", "agent.py"):
            shutil.copy(HERE / name, self._context.name)
        with open(os.path.join(self._context.name, "protocol.json"), "w", encoding="ascii") as file:
            json.dump(protocol() | {"TURNS": turns}, file)

    async def get(self, way):
        name = f"{REPOSITORY}:{way.lower()}"
        async with self._lock:  # the layers that all share are built once
            if name not in self._built:
                await docker_command("build", "--quiet", "--force-rm", "--build-arg", f"IMAGE={IMAGE}",
                              "--build-arg", f"WAY={way}", "--tag", name, self._context.name)
                self._built.append(name)
        return name

    async def close(self):
        names = await docker_command("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", REPOSITORY)
        if names:
            await docker_command("image", "rm", "--force", *names.split())
        self._context.cleanup()
