"""Programs that many tests run."""
import json
import pathlib

LANGUAGES_DIR = pathlib.Path(__file__).resolve().parents[2] / "worker-image" / "languages"

# The languages of the Go service with the aliases that its clients use, and C.
ALIASES = {
    "javascript": ["js", "javascript", "node"],
    "python": ["py", "python"],
    "go": ["go", "golang"],
    "cpp": ["cpp", "c++", "cxx", "cc"],
    "c": ["c"],
}

# One line each, with a place for what to print.
PRINT = {
    "python": "print('{}')",
    "javascript": "console.log('{}')",
    "c": '#include <stdio.h>\nint main(void) {{ puts("{}"); return 0; }}\n',
    "cpp": '#include <cstdio>\nint main() {{ std::puts("{}"); }}\n',
    "go": 'package main\n\nimport "fmt"\n\nfunc main() {{ fmt.Println("{}") }}\n',
}


def printing(language, text):
    """A program that prints the text and a line break."""
    return PRINT[language].format(text)


def shipped():
    """The languages of the worker image: {name: (manifest, hello program, expected output)}."""
    found = {}
    for folder in sorted(LANGUAGES_DIR.iterdir()):
        manifest = json.loads((folder / "language.json").read_text())
        extension = pathlib.Path(manifest["file"]).suffix
        found[manifest["name"]] = (manifest, (folder / f"hello{extension}").read_text(),
                                   (folder / "hello.expected").read_bytes())
    return found
