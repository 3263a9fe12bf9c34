"""A script on QuecPython's modules."""

import pytest

from quec_scripts import BEGIN, PATH
from micropython import Script


@pytest.fixture
def start(cloud, device):
    """A script on these modules."""

    def start(text, **options):
        env = {**PATH, **options.pop("env", {})}
        return Script(BEGIN + text, cloud, device, env=env, **options)

    return start
