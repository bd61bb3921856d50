"""A client of Kiln over NATS, on nats-py."""
import asyncio
import base64
import itertools
import json
import time

import nats
from nats.errors import NoRespondersError

from reply import Reply

COMPILER = "compiler.execute.request"
PROBLEMS = "problems.execute.request"
TIMEOUT = 90


def _encoded(value, encoding):
    data = value.encode() if isinstance(value, str) else value
    return base64.b64encode(data).decode() if encoding == "base64" else data.decode()


def request_body(language, code, *, stdin=None, files=None, encode_as="base64", **fields):
    """A request as a dictionary. `encode_as` is how code, stdin and files are written; it is told
    to Kiln only when the caller passes `encoding` too."""
    body = {"code": _encoded(code, encode_as), "language": language}
    if stdin is not None:
        body["stdin"] = _encoded(stdin, encode_as)
    if files is not None:
        body["files"] = [{"name": name, "content": _encoded(content, encode_as)}
                         for name, content in files.items()]
    body.update(fields)
    return body


class Answers:
    """All replies to one request: exactly one is right."""

    def __init__(self, loop):
        self.first = loop.create_future()
        self.count = 0
        self.sent_at = time.monotonic()
        self.arrived_at = None


class Client:
    """One connection, with an inbox of its own that also sees what no request may get: a second
    reply. close() fails when one came."""

    def __init__(self):
        self._nats = None
        self._inbox = None
        self._numbers = itertools.count()
        self._answers = {}

    async def connect(self, url):
        self._nats = await nats.connect(
            url, max_reconnect_attempts=-1, reconnect_time_wait=0.05, connect_timeout=5,
            error_cb=self._ignore, pending_size=64 * 1024 * 1024)
        self._inbox = self._nats.new_inbox()
        await self._nats.subscribe(self._inbox + ".*", cb=self._receive)
        await self._nats.flush()
        return self

    @staticmethod
    async def _ignore(_error):
        """Connection errors show as requests that are not answered."""

    async def _receive(self, message):
        answers = self._answers[message.subject.rpartition(".")[2]]
        answers.count += 1
        if answers.first.done():
            return
        answers.arrived_at = time.monotonic()
        if (message.headers or {}).get("Status") == "503":
            answers.first.set_exception(NoRespondersError())
            answers.first.exception()
        else:
            answers.first.set_result(message.data)

    @property
    def connected(self):
        return self._nats.is_connected

    @property
    def max_payload(self):
        return self._nats.max_payload

    async def flush(self):
        await self._nats.flush(10)

    async def publish(self, subject, data, reply=""):
        await self._nats.publish(subject, data, reply)

    async def subscribe(self, subject):
        """A list that fills with the data of what is published there."""
        received = []

        async def keep(message):
            received.append(message.data)

        await self._nats.subscribe(subject, cb=keep)
        await self._nats.flush()
        return received

    async def send(self, subject, data):
        """Publishes a request and does not wait: its Answers."""
        token = str(next(self._numbers))
        answers = Answers(asyncio.get_running_loop())
        self._answers[token] = answers
        await self._nats.publish(subject, data, f"{self._inbox}.{token}")
        return answers

    async def ask(self, subject, data, timeout=TIMEOUT):
        """The data of the reply to any bytes."""
        answers = await self.send(subject, data)
        return await asyncio.wait_for(asyncio.shield(answers.first), timeout)

    async def ask_reply(self, body, subject=COMPILER, timeout=TIMEOUT):
        """A checked Reply to a request: a dictionary, or bytes as they stand."""
        if isinstance(body, dict):
            return Reply(await self.ask(subject, json.dumps(body).encode(), timeout), body)
        return Reply(await self.ask(subject, body, timeout))

    async def run(self, language, code, *, subject=COMPILER, timeout=TIMEOUT, **fields):
        """Runs a program; a checked Reply. `fields` as in request_body()."""
        return await self.ask_reply(request_body(language, code, **fields), subject, timeout)

    async def close(self):
        if self._nats.is_connected:
            await self._nats.flush(5)
        await self._nats.close()
        twice = [token for token, answers in self._answers.items() if answers.count > 1]
        assert not twice, f"requests with more than one reply: {twice[:10]}"
