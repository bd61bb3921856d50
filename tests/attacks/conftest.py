"""What the suites share: see suite.py."""
pytest_plugins = ["suite"]
