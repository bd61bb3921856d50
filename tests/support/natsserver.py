"""A nats-server of a test's own, which it may stop and start again."""
import asyncio
import os
import signal
import socket
import tempfile

from processes import ending_with_us

MAX_PAYLOAD = 8 * 1024 * 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class NatsServer:
    """Keeps its port over stop() and start()."""

    def __init__(self, max_payload=MAX_PAYLOAD, authorization=""):
        """`authorization`: the inside of that block of the server's configuration."""
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self._dir = tempfile.TemporaryDirectory(prefix="kiln-nats-")
        self._config = os.path.join(self._dir.name, "server.conf")
        self._process = None
        with open(self._config, "w", encoding="ascii") as config:
            config.write(f"host: 127.0.0.1\nport: {self.port}\nmax_payload: {max_payload}\n"
                         f"max_pending: 256MB\nlog_file: {self._dir.name}/server.log\n")
            if authorization:
                config.write(f"authorization {{ {authorization} }}\n")

    async def start(self):
        self._process = await asyncio.create_subprocess_exec(
            *ending_with_us("KILL", "nats-server", "-c", self._config),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL)
        for _ in range(500):
            if await self._greets():
                return self
            assert self._process.returncode is None, "nats-server ended at its start"
            await asyncio.sleep(0.01)
        raise AssertionError("nats-server does not answer")

    async def _greets(self):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        try:
            return (await asyncio.wait_for(reader.readline(), 2)).startswith(b"INFO ")
        finally:
            writer.close()

    async def stop(self, how=signal.SIGKILL):
        """Without a goodbye, as a host that fails; content when it does not run."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(how)
            await asyncio.wait_for(self._process.wait(), 10)
        self._process = None

    async def close(self):
        await self.stop()
        self._dir.cleanup()
