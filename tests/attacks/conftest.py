"""Logs of kilnd beside each failure."""
import os
import shutil

import pytest

from engine import Engine

LOG_TAIL_BYTES = 8000


def pytest_sessionfinish(exitstatus):
    """Folders and logs stay for whoever looks into a failure."""
    if exitstatus == 0:
        for home in Engine.homes:
            shutil.rmtree(home, ignore_errors=True)


def pytest_runtest_setup():
    Engine.made[:] = [engine for engine in Engine.made if not engine.stopped]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    report = (yield).get_result()
    if not report.failed:
        return
    for engine in Engine.made:
        if os.path.exists(engine.log_path):
            tail = engine.log()[-LOG_TAIL_BYTES:].decode(errors="replace")
            report.sections.append((f"kilnd {engine.name}: {engine.log_path}", tail))
