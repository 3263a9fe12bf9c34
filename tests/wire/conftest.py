"""The fixtures of the wire tests: a local cloud for the whole run, and a device of its own for each test."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from cloud import Cloud  # noqa: E402


@pytest.fixture(scope="session")
def cloud():
    with Cloud() as running:
        yield running


@pytest.fixture
def device(cloud):
    return cloud.new_device()
