"""The programs, one a file; see README.md for what may stand beside it."""
import dataclasses
import json
import pathlib

HERE = pathlib.Path(__file__).parent
MODULE = "program.mjs"


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    code: bytes
    stdin: bytes
    args: list
    files: dict

    def __str__(self):
        return self.name


def _read(path, absent=b""):
    return path.read_bytes() if path.exists() else absent


def _load(path):
    folder = path.with_suffix(".files")
    files = {str(file.relative_to(folder)): file.read_bytes()
             for file in sorted(folder.rglob("*")) if file.is_file()
             and "__pycache__" not in file.parts}
    code = path.read_bytes()
    if path.suffix == ".mjs":
        files[MODULE], code = code, f"import('./{MODULE}');\n".encode()
    return Program(name=path.stem, code=code, stdin=_read(path.with_suffix(".stdin")),
                   args=json.loads(_read(path.with_suffix(".args"), b"[]")), files=files)


def programs(language, *suffixes):
    """All of a language, in the order of their names."""
    found = [_load(path) for path in sorted((HERE / language).iterdir())
             if path.suffix in suffixes and path.is_file()]
    names = [program.name for program in found]
    assert len(set(names)) == len(names), "two programs of one name"
    return found
