"""What an attack is: a program of programs/, how it is asked for, and what must come back."""
import dataclasses
import pathlib

PROGRAMS = pathlib.Path(__file__).parent / "programs"
LANGUAGES = {".py": "python", ".c": "c", ".cpp": "cpp", ".js": "javascript", ".go": "go"}

# Where the ten seconds of a job's own limit would prove nothing more.
SHORT_MS = 1000


def source(name):
    return (PROGRAMS / name).read_text(encoding="utf-8")


def language_of(name):
    return LANGUAGES[pathlib.Path(name).suffix]


@dataclasses.dataclass(frozen=True)
class Attack:
    """`row` is a line of README.md. What is None (or empty) is not looked at."""

    row: int
    title: str
    program: str
    verdicts: set
    args: tuple = ()
    stdin: bytes | None = None
    files: dict | None = None
    limits: dict = dataclasses.field(default_factory=dict)
    stdout: bytes | None = None
    stderr: bytes | None = None
    exit_codes: tuple | None = None
    signals: tuple | None = None
    limit: str | None = None
    absent: tuple = ()      # what the output may not hold
    cpu_ms: tuple | None = None  # least and most
    check: object = None    # a function of the reply, for what the fields above cannot say
    same: bool = False      # each time the same
    seconds: float = 4      # until the answer is here
    after: tuple = ()       # (program's language, code, stdout) of witnesses that run next
    gvisor: dict = dataclasses.field(default_factory=dict)  # the fields that differ there, and why

    def on(self, tier):
        """What is expected under a tier."""
        return dataclasses.replace(self, **self.gvisor) if tier.name == "gvisor" else self

    def __str__(self):
        return f"{self.row:02}-{self.title.replace(' ', '-')}"

    def request(self):
        """The keywords of Client.run."""
        files = self.files
        if '#include "denied.h"' in source(self.program):
            files = (files or {}) | {"denied.h": source("denied.h")}
        return {"language": language_of(self.program), "code": source(self.program),
                "args": list(self.args), "stdin": self.stdin, "files": files,
                "limits": dict(self.limits)}

    def judge(self, reply):
        assert reply.verdict in self.verdicts, reply
        if reply.verdict == "runtime_error" and reply.limit is not None:
            assert reply.limit["name"] in ("processes", "file_bytes"), reply
        if self.exit_codes is not None:
            assert reply.exit_code in self.exit_codes, reply
        if self.signals is not None:
            assert reply.signal in self.signals, reply
        if self.stdout is not None:
            assert reply.stdout == self.stdout, reply
        if self.stderr is not None:
            assert reply.stderr == self.stderr, reply
        if self.limit is not None:
            assert reply.limit["name"] == self.limit, reply
        for text in self.absent:
            assert text not in reply.output + reply.compile_output, reply
        if self.cpu_ms is not None:
            least, most = self.cpu_ms
            assert least <= reply.usage["cpu_ms"] <= most, reply
        if self.check is not None:
            self.check(reply)
