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
DEFINITION = re.compile(r"^#define\s+(\w+)\s+(\d+)$|^\t(FRAME_\w+|STREAM_\w+) = (\d+),", re.MULTILINE)
REPOSITORY = f"kiln/hostile-agent-{os.getpid()}"


def protocol():
    """The protocol's numbers, as the headers define them."""
    numbers = {}
    for header in ("frame/frame.h", "frame/hello.h", "job/outcome.h"):
        for match in DEFINITION.finditer((HEADERS / header).read_text(encoding="utf-8")):
            numbers[match[1] or match[3]] = int(match[2] or match[4])
    return numbers


async def _docker(*arguments):
    process = await asyncio.create_subprocess_exec(
        "docker", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"DOCKER_HOST": f"unix://{Docker().path}", "DOCKER_BUILDKIT": "0"})
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, f"docker {' '.join(arguments)}: {output}"


class Images:
    """One for each way of the double, built when it is first asked for."""

    def __init__(self):
        self._context = tempfile.TemporaryDirectory(prefix="kiln-double-")
        self._lock = asyncio.Lock()
        self._built = []
        for name in ("Dockerfile", "agent.py"):
            shutil.copy(HERE / name, self._context.name)
        with open(os.path.join(self._context.name, "protocol.json"), "w", encoding="ascii") as file:
            json.dump(protocol(), file)

    async def get(self, way):
        name = f"{REPOSITORY}:{way.lower()}"
        async with self._lock:  # the layers that all share are built once
            if name not in self._built:
                await _docker("build", "--quiet", "--force-rm", "--build-arg", f"IMAGE={IMAGE}",
                              "--build-arg", f"WAY={way}", "--tag", name, self._context.name)
                self._built.append(name)
        return name

    async def close(self):
        if self._built:
            await _docker("image", "rm", "--force", *self._built)
        self._context.cleanup()
