"""The fixtures of the binding's tests: a local cloud for the whole run, a device of its own for each test, and figures."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from cloud import Cloud  # noqa: E402

_figures = pytest.StashKey[list]()


@pytest.fixture(scope="session")
def cloud():
    with Cloud() as running:
        yield running


@pytest.fixture
def device(cloud):
    return cloud.new_device()


@pytest.fixture
def figure(request):
    """Notes what was measured; all of it is shown at the end of the run."""
    return request.config.stash.setdefault(_figures, []).append


def pytest_terminal_summary(terminalreporter, config):
    for line in config.stash.get(_figures, []):
        terminalreporter.write_line(f"measured: {line}")
