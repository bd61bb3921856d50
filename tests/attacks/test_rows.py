"""No row is without an attack, and no program without a row."""
import pathlib
import re

from attack import PROGRAMS
from attacks import ATTACKS

HERE = pathlib.Path(__file__).parent


def rows_of_the_list():
    return {int(row) for row in re.findall(r"^\| (\d+) \|", (HERE / "README.md").read_text(),
                                           re.MULTILINE)}


def rows_of_test_files():
    return {int(row) for path in HERE.glob("test_*.py")
            for row in re.findall(r"def test_row_(\d+)_", path.read_text())}


def test_every_row_is_attacked():
    rows = rows_of_the_list()
    assert rows == set(range(1, len(rows) + 1)) and len(rows) == 39
    assert {attack.row for attack in ATTACKS} | rows_of_test_files() == rows


def test_titles_are_unique():
    assert len({str(attack) for attack in ATTACKS}) == len(ATTACKS)


def test_every_program_is_run():
    text = "".join(path.read_text() for path in HERE.glob("*.py"))
    for path in PROGRAMS.iterdir():
        of_a_series = f"35_{path.stem[3:]}" == path.stem and f'"{path.stem[3:]}"' in text
        assert f'"{path.name}"' in text or of_a_series, f"nothing runs {path.name}"


def test_a_program_stands_beside_its_row():
    for attack in ATTACKS:
        assert int(attack.program[:2]) == attack.row, str(attack)
