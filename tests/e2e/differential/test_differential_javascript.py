"""A program cannot tell Kiln from `node main.js` in a plain container of the same image."""
import pytest

from corpus import programs
from outcome import difference, repeated_nonces

LANGUAGE = "javascript"
LATE = {"process_times", "process_times_of_events", "process_times_of_start"}
PROGRAMS = programs(LANGUAGE, ".js", ".mjs")


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
async def test_same_as_cold(outcomes, program):
    cold, warm = await outcomes[program.name]
    for outcome in warm:
        found = difference(cold, outcome)
        assert not found, f"{program.name}:\n{found}"
    repeated = repeated_nonces([cold, *warm])
    assert not repeated, f"{program.name}: the same in two runs: {repeated}"


def test_corpus_is_whole():
    assert len(PROGRAMS) >= 80
