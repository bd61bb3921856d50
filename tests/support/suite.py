"""What every suite on the whole service shares, as a plugin of pytest: logs of kilnd beside each
failure, and a run that is told to end cleans up like one that is interrupted."""
import os
import shutil
import signal

import pytest

from engine import Engine

LOG_TAIL_BYTES = 12000


def pytest_sessionstart():
    # pytest, and asyncio under it, unwind for SIGINT alone, which a shell makes its background jobs
    # ignore. What SIGKILL leaves, the kernel ends: see processes.ending_with_us().
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))


@pytest.hookimpl(trylast=True)  # after the fixtures of an interrupted run, which still write there
def pytest_sessionfinish(session):
    """Folders and logs stay for whoever looks into a failure."""
    if session.testsfailed == 0:
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
