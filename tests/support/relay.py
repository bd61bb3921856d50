"""A byte relay between kilnd and the Docker daemon that a test can cut: to kilnd the daemon is
gone, although the real one goes on. It keeps what kilnd asked for."""
import asyncio
import os
import re
import tempfile

REQUEST_LINE = re.compile(rb"^([A-Z]+ /\S+) HTTP/1\.[01]\r$", re.MULTILINE)


class Relay:
    """Listens on a Unix socket of its own and joins each connection with one to `target`."""

    def __init__(self, target):
        self._target = target
        self._dir = tempfile.TemporaryDirectory(prefix="kiln-relay-")
        self.asked = []
        self.path = os.path.join(self._dir.name, "docker.sock")
        self._server = None
        self._writers = set()
        self._tasks = set()

    async def join(self):
        """Puts the daemon within reach."""
        self._server = await asyncio.start_unix_server(self._serve, self.path)
        return self

    async def cut(self):
        """Refuses new connections and breaks those that are open."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        if os.path.exists(self.path):
            os.unlink(self.path)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self):
        await self.cut()
        self._dir.cleanup()

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(self._target)
        except OSError:
            writer.close()
            return
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(self._copy(reader, far_writer, self._note),
                                 self._copy(far_reader, writer))
        finally:
            self._writers -= {writer, far_writer}
            writer.close()
            far_writer.close()

    def _note(self, data):
        self.asked += [line.decode() for line in REQUEST_LINE.findall(data)]

    @staticmethod
    async def _copy(reader, writer, note=None):
        try:
            while data := await reader.read(65536):
                if note is not None:
                    note(data)
                writer.write(data)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
        except OSError:
            writer.transport.abort()
