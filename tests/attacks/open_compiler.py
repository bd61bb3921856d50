"""An image whose C compiler calls a script of the request's for each of its steps: whatever a compile
step could do if a request could run code in it, which no language of the image allows."""
import contextlib
import json
import os
import pathlib
import tempfile

from engine import IMAGE
from hostile_agent.images import docker_command

LANGUAGE = pathlib.Path(__file__).parents[2] / "worker-image/languages/c/language.json"
NAME = f"kiln/open-compiler:{os.getpid()}"
DOCKERFILE = "ARG IMAGE\nFROM ${IMAGE}\nCOPY language.json step.sh /opt/kiln/languages/c/\n"
STEP = 'if [ -f wrapper.sh ]; then . ./wrapper.sh; else exec "$@"; fi\n'


@contextlib.asynccontextmanager
async def open_compiler():
    """Its name."""
    manifest = json.loads(LANGUAGE.read_text(encoding="utf-8"))
    manifest["compile"] = ["/usr/bin/gcc", "-wrapper",
                           "/bin/sh,/opt/kiln/languages/c/step.sh", "-o", "main",
                           "{sources}"]
    with tempfile.TemporaryDirectory(prefix="kiln-open-") as context:
        for name, text in (("Dockerfile", DOCKERFILE), ("step.sh", STEP),
                           ("language.json", json.dumps(manifest))):
            with open(os.path.join(context, name), "w", encoding="utf-8") as file:
                file.write(text)
        await docker_command("build", "--quiet", "--force-rm", "--build-arg", f"IMAGE={IMAGE}",
                             "--tag", NAME, context)
    try:
        yield NAME
    finally:
        await docker_command("image", "rm", "--force", NAME)
