"""What the suites share (see suite.py), and which tests a sanitizer build is spared."""
from engine import SANITIZER

pytest_plugins = ["suite"]


def pytest_collection_modifyitems(config, items):
    if SANITIZER:
        spared = [item for item in items if item.get_closest_marker("figures")]
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in spared]
