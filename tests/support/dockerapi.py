"""The few calls of the Docker Engine API that the tests need, over its Unix socket.

It shares no code with Kiln's own client, so that one cannot hide a defect of the other.
"""
import http.client
import json
import os
import socket
import time
from urllib.parse import quote, urlencode

ENGINE_LABEL = "kiln.engine"


class DockerError(Exception):
    """An answer of the daemon that is not a success."""

    def __init__(self, status, message):
        super().__init__(f"{status}: {message}")
        self.status = status


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Docker:
    """A client without state: every call has a connection of its own."""

    def __init__(self, path=None):
        self.path = path or os.environ.get("KILN_TEST_DOCKER_SOCKET", "/var/run/docker.sock")

    def raw(self, method, path, body=None, timeout=30):
        """Status and body of one call."""
        connection = _UnixConnection(self.path, timeout)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def call(self, method, path, body=None, timeout=30):
        """The decoded answer; DockerError when it is not a success."""
        status, answer = self.raw(method, path, body, timeout)
        if status >= 400:
            raise DockerError(status, answer.decode(errors="replace").strip())
        return json.loads(answer) if answer.strip().startswith((b"{", b"[")) else answer

    def containers(self, engine, running_only=False):
        """The ids of an engine's containers, sorted."""
        filters = json.dumps({"label": [f"{ENGINE_LABEL}={engine}"]})
        query = urlencode({"all": "0" if running_only else "1", "filters": filters})
        return sorted(c["Id"] for c in self.call("GET", f"/containers/json?{query}"))

    def inspect(self, container):
        return self.call("GET", f"/containers/{container}/json")

    def pid(self, container):
        """Of its first process, as the host counts; 0 when it does not run."""
        return self.inspect(container)["State"]["Pid"]

    def exists(self, container):
        status, _ = self.raw("GET", f"/containers/{container}/json")
        return status == 200

    def kill(self, container, signal="KILL"):
        self.call("POST", f"/containers/{container}/kill?signal={signal}")

    def stop(self, container, seconds=1):
        self.call("POST", f"/containers/{container}/stop?t={seconds}")

    def remove(self, container):
        """By force; content when it is gone already."""
        try:
            self.call("DELETE", f"/containers/{container}?force=1&v=1")
        except DockerError as error:
            if error.status not in (404, 409):
                raise

    def create(self, image, command, labels=None, start=True):
        """A plain container of the image that runs `command`; its id."""
        container = self.call("POST", "/containers/create", {
            "Image": image,
            "Entrypoint": command,
            "Cmd": [],
            "Labels": labels or {},
            "NetworkDisabled": True,
            "HostConfig": {"Init": True},
        })["Id"]
        if start:
            self.call("POST", f"/containers/{container}/start")
        return container

    def exec(self, container, command, user="0:0", timeout=120):
        """Runs a command in a container; its exit status and its output, both streams."""
        exec_id = self.call("POST", f"/containers/{container}/exec", {
            "Cmd": command, "User": user, "AttachStdout": True, "AttachStderr": True,
        })["Id"]
        stream = self.raw("POST", f"/exec/{exec_id}/start", {"Detach": False, "Tty": False},
                          timeout)[1]
        output = bytearray()
        while len(stream) >= 8:
            length = int.from_bytes(stream[4:8], "big")
            output += stream[8:8 + length]
            stream = stream[8 + length:]
        deadline = time.monotonic() + 5
        while (state := self.call("GET", f"/exec/{exec_id}/json"))["Running"]:
            if time.monotonic() > deadline:
                raise AssertionError(f"{command} does not end")
            time.sleep(0.01)
        return state["ExitCode"], bytes(output)

    def has_image(self, image):
        return self.raw("GET", f"/images/{quote(image, safe='')}/json")[0] == 200
