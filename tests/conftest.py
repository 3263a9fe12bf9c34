"""What all tests share: a local cloud for each file, a device of its own for each test, and figures.

A cloud for each file, since what a test tells it to do (refuse logins, keep silent, forget what it saw) is told to all of
it. It starts in milliseconds.
"""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))

from cloud import Cloud  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than ten seconds, so it is begun before all others")
    config.addinivalue_line("markers", "bare: looks at the process from outside, which the sanitizers' own needs disturb")


def pytest_collection_modifyitems(items):
    # Begun last it would be waited for alone, after all others are done.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


# What the reason of a test begins with that is skipped although every tool is here.
MAY_BE_SKIPPED = (
    "the API page is not there",  # It is not part of this project.
    "only root can give a file to another user",
    "needs /proc",  # Only Linux has it.
    "the toolchain has no core for",  # Debian's has none; `cargo xtask lib` compiles one along.
    "it looks at all bytes of a device",  # Those between the fields have no value for valgrind.
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where EVERY_TOOL_IS_HERE, as under `cargo xtask test`, a test that is skipped for want of one has failed."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and os.environ.get("EVERY_TOOL_IS_HERE"):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not reason.startswith(MAY_BE_SKIPPED):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped, though every tool should be here: {reason}"
    return report


@pytest.fixture(scope="module")
def cloud():
    with Cloud() as running:
        yield running


@pytest.fixture
def device(cloud):
    return cloud.new_device()


@pytest.fixture
def figure(record_property):
    """Notes what was measured; all of it is shown at the end of the run."""
    return lambda line: record_property("measured", line)


def pytest_terminal_summary(terminalreporter):
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, line in getattr(report, "user_properties", ()) if getattr(report, "when", "") == "call" else ():
                if name == "measured":
                    terminalreporter.write_line(f"measured: {line}")
