"""How a program ended and what it wrote, and how two such ends differ."""
import dataclasses
import difflib
import re

# Process ids and addresses stand in some texts of the interpreters themselves.
MASKS = [
    (re.compile(rb"(?m)^\(node:\d+\)"), b"(node:PID)"),
    (re.compile(rb"\b0x[0-9a-f]{6,16}\b"), b"ADDRESS"),
]

# A line of stdout whose text must differ from run to run: `nonce NAME TEXT`.
NONCE = re.compile(rb"(?m)^nonce (\S+) (.*)$")

# Of a difference: the rest says no more.
SHOWN_LINES = 80
SHOWN_COLUMNS = 400


@dataclasses.dataclass(frozen=True)
class Outcome:
    stdout: bytes
    stderr: bytes
    exit_code: int | None
    signal: str | None

    def nonces(self):
        """(name, text) of each line that must differ from run to run."""
        return NONCE.findall(self.stdout)

    def comparable(self):
        """All that must be the same in every run, as lines of text."""
        lines = [f"exit code {self.exit_code}, signal {self.signal}"]
        for name in ("stdout", "stderr"):
            data = NONCE.sub(rb"nonce \1", getattr(self, name))
            for pattern, text in MASKS:
                data = pattern.sub(text, data)
            lines += [f"{name}, {len(line)} bytes: {line!r}" for line in data.split(b"\n")]
        return lines


def difference(cold, warm):
    """A readable one; empty when there is none."""
    lines = list(difflib.unified_diff(cold.comparable(), warm.comparable(), "cold", "warm",
                                      lineterm=""))
    return "\n".join(line[:SHOWN_COLUMNS] for line in lines[:SHOWN_LINES])


def repeated_nonces(outcomes):
    """The names of those that two runs have in common."""
    seen, repeated = set(), set()
    for nonce in (nonce for outcome in outcomes for nonce in outcome.nonces()):
        if nonce in seen:
            repeated.add(nonce[0].decode())
        seen.add(nonce)
    return sorted(repeated)
