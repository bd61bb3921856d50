"""What counts as a difference between two runs."""
import dataclasses

import pytest

from outcome import Outcome, difference, repeated_nonces

PLAIN = Outcome(b"one\ntwo\n", b"(node:12) Warning: at 0x00007f0011223344\n", 0, None)


@pytest.mark.parametrize("change", [
    {"stdout": b"one\ntwo"},
    {"stdout": b"one\ntwo\n\0"},
    {"stdout": b"x" * 1000},
    {"stdout": b"one\nnonce two 2\n"},
    {"stderr": b""},
    {"stderr": b"(node:12) warning: at 0x00007f0011223344\n"},
    {"exit_code": 1},
    {"exit_code": None, "signal": "SIGKILL"},
], ids=str)
def test_a_difference_is_seen(change):
    other = dataclasses.replace(PLAIN, **change)
    assert difference(PLAIN, other) != "" and difference(other, PLAIN) != ""


def test_long_lines_that_differ_at_their_end():
    assert difference(dataclasses.replace(PLAIN, stdout=b"x" * 5000 + b"y"),
                      dataclasses.replace(PLAIN, stdout=b"x" * 5000 + b"z")) != ""


def test_process_ids_and_addresses_are_no_difference():
    other = dataclasses.replace(PLAIN, stderr=b"(node:7) Warning: at 0x7f9988776655\n")
    assert difference(PLAIN, other) == ""


def test_nonces():
    runs = [dataclasses.replace(PLAIN, stdout=b"a\nnonce random %d\nnonce fixed 5\n" % number)
            for number in range(3)]
    assert difference(runs[0], runs[1]) == ""
    assert repeated_nonces(runs) == ["fixed"]
    assert repeated_nonces(runs[:1]) == []
