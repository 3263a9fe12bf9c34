"""The fixtures of the peer tests: a local cloud for the whole run, and a device of its own for each test."""

import pathlib
import ssl
import sys
import threading

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from cloud import Cloud  # noqa: E402


class OneAtATime(ssl.SSLSocket):
    """A TLS socket that two threads may use.

    Alibaba's SDK writes from one thread while another reads. A TLS connection of OpenSSL does not stand
    that: now and then the SDK loses a message with `SSL: BAD_LENGTH`. Far from the cloud the two seldom
    meet; on loopback they do in every third run.
    """

    _turn = threading.Lock()

    def send(self, *arguments):
        with self._turn:
            return super().send(*arguments)

    def recv(self, *arguments):
        with self._turn:
            return super().recv(*arguments)

    def pending(self):
        with self._turn:
            return super().pending()


ssl.SSLContext.sslsocket_class = OneAtATime


@pytest.fixture(scope="session")
def cloud():
    with Cloud() as running:
        yield running


@pytest.fixture
def device(cloud):
    return cloud.new_device()
