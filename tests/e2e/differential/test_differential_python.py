"""A program cannot tell Kiln from `python3 main.py` in a plain container of the same image."""
import pytest

from corpus import programs
from outcome import difference, repeated_nonces

LANGUAGE = "python"
LATE = {"environment_clocks", "environment_usage", "state_logging_clock",
        # the children of one zygote have one hash seed
        "nonce_hash", "nonce_hash_of_modules", "nonce_shuffled_hash_order"}
PROGRAMS = programs(LANGUAGE, ".py")


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
async def test_same_as_cold(outcomes, program):
    cold, warm = await outcomes[program.name]
    for outcome in warm:
        found = difference(cold, outcome)
        assert not found, f"{program.name}:\n{found}"
    repeated = repeated_nonces([cold, *warm])
    assert not repeated, f"{program.name}: the same in two runs: {repeated}"


def test_corpus_is_whole():
    assert len(PROGRAMS) >= 160
