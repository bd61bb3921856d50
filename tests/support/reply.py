"""What is true of every reply, whatever was asked."""
import base64
import json
import re

GO_KEYS = {
    "output": str,
    "error": str,
    "status_message": str,
    "success": bool,
    "execution_time": str,
}
OTHER_KEYS = {
    "id", "language", "verdict", "stdout", "stderr", "encoding", "exit_code", "signal", "compile",
    "usage", "timing", "limit", "truncated", "engine",
}
VERDICTS = {
    "ok", "compile_error", "runtime_error", "time_limit", "memory_limit", "output_limit",
    "rejected", "busy", "cancelled", "internal_error",
}
LIMIT_VERDICTS = {"time_limit", "memory_limit", "output_limit"}
UNRUN_VERDICTS = {"rejected", "busy", "cancelled", "internal_error"}
GO_DURATION = re.compile(r"\d+\.\d{3}ms")
TIMING_KEYS = ("queue_ms", "lease_ms", "compile_ms", "run_ms", "total_ms")


class Reply:
    """A reply whose invariants hold: making one checks them. Output fields are bytes."""

    def __init__(self, data, request=None):
        self.size = len(data)
        self.raw = json.loads(data)
        assert isinstance(self.raw, dict), data[:200]
        _check_keys(self.raw)
        self.verdict = self.raw["verdict"]
        self.error = self.raw["error"]
        self.status_message = self.raw["status_message"]
        self.exit_code = self.raw["exit_code"]
        self.signal = self.raw["signal"]
        self.usage = self.raw["usage"]
        self.timing = self.raw["timing"]
        self.limit = self.raw["limit"]
        self.truncated = self.raw["truncated"]
        self.compile = self.raw["compile"]
        self.output = self._bytes(self.raw["output"])
        self.stdout = self._bytes(self.raw["stdout"])
        self.stderr = self._bytes(self.raw["stderr"])
        self.compile_output = self._bytes(self.compile["output"]) if self.compile else b""
        self._check_end()
        self._check_figures()
        self._check_output()
        if request is not None and isinstance(request.get("id"), str):
            refused = self.verdict == "rejected" and self.raw["id"] is None
            assert self.raw["id"] == request["id"] or refused, "another request's id"

    def __repr__(self):
        return json.dumps({key: value if len(str(value)) < 600 else str(value)[:600] + "…"
                           for key, value in self.raw.items()}, ensure_ascii=False)

    def _bytes(self, text):
        assert isinstance(text, str)
        if self.raw["encoding"] == "base64":
            return base64.b64decode(text, validate=True)
        return text.encode("utf-8", "surrogatepass")

    def _check_end(self):
        assert self.verdict in VERDICTS, self.verdict
        assert self.raw["success"] == (self.verdict == "ok"), self
        assert (self.error == "") == (self.verdict == "ok"), self
        assert (self.status_message == "Success") == (self.verdict == "ok"), self
        if self.verdict == "ok":
            assert self.exit_code == 0 and self.signal is None and self.limit is None, self
        elif self.verdict == "runtime_error":
            assert self.exit_code not in (None, 0) or self.signal is not None, self
        elif self.verdict == "rejected":
            assert self.status_message in (self.error, "Failed to decode base64"), self
        elif self.verdict in UNRUN_VERDICTS:
            assert self.status_message == self.error, self
        if self.verdict not in UNRUN_VERDICTS | {"ok"}:
            assert self.status_message == "Failed to execute code", self
        if self.verdict in LIMIT_VERDICTS:
            assert set(self.limit) == {"name", "allowed", "measured"}, self
            assert self.limit["measured"] >= self.limit["allowed"] * 0.9, self
        assert self.exit_code is None or self.signal is None, "ended in two ways"

    def _check_figures(self):
        assert GO_DURATION.fullmatch(self.raw["execution_time"]), self.raw["execution_time"]
        assert set(self.timing) == set(TIMING_KEYS), self.timing
        assert all(self.timing[key] >= 0 for key in TIMING_KEYS), self.timing
        parts = sum(self.timing[key] for key in TIMING_KEYS[:-1])
        assert parts <= self.timing["total_ms"] + 1, self.timing
        if self.verdict in UNRUN_VERDICTS | {"compile_error"}:
            assert self.usage is None, self
        elif self.verdict in ("ok", "runtime_error"):
            assert self.usage is not None, self
        if self.usage is not None:
            assert set(self.usage) == {"cpu_ms", "wall_ms", "memory_bytes"}, self.usage
            assert all(value >= 0 for value in self.usage.values()), self.usage
            assert self.usage["wall_ms"] <= self.timing["total_ms"] + 1, self
        if self.compile is not None:
            assert set(self.compile) == {"output", "exit_code", "time_ms", "cached"}, self.compile
        if self.verdict == "compile_error":
            assert self.compile is not None, self

    def _check_output(self):
        assert self.raw["encoding"] in ("utf8", "base64")
        assert set(self.truncated) == {"stdout", "stderr"}, self.truncated
        assert all(isinstance(value, bool) for value in self.truncated.values())
        if self.verdict in UNRUN_VERDICTS:
            assert not self.stdout and not self.stderr and self.compile is None, self
        if not any(self.truncated.values()):
            assert len(self.output) <= (len(self.stdout) + len(self.stderr)
                                        + len(self.compile_output)), self


def _check_keys(raw):
    assert set(list(raw)[:5]) == set(GO_KEYS), f"the Go keys do not come first: {list(raw)}"
    for key, kind in GO_KEYS.items():
        assert type(raw[key]) is kind, f"{key} is {raw[key]!r}"
    assert set(raw) >= set(GO_KEYS) | OTHER_KEYS, (set(GO_KEYS) | OTHER_KEYS) - set(raw)
    assert set(raw["engine"]) >= {"name", "version"}, raw["engine"]
    assert type(raw["exit_code"]) in (int, type(None)), raw["exit_code"]
    assert type(raw["signal"]) in (str, type(None)), raw["signal"]
