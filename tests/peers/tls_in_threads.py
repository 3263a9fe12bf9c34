"""A TLS socket that two threads may use."""

import ssl
import threading


class OneAtATime(ssl.SSLSocket):
    """A TLS socket that two threads may use.

    SDKs write from one thread while another reads. A TLS connection of OpenSSL does not stand that: now and then the SDK
    loses a message with `SSL: BAD_LENGTH`. Far from the cloud the two seldom meet; on loopback they do in every third run. Nor
    does paho expect that one closes it under the other's hands.
    """

    _turn = threading.Lock()

    def send(self, *arguments):
        with self._turn:
            try:
                return super().send(*arguments)
            except OSError as error:
                if self.fileno() < 0:
                    raise ConnectionError("closed by the other thread") from error
                raise

    def recv(self, *arguments):
        with self._turn:
            return super().recv(*arguments)

    def pending(self):
        with self._turn:
            return super().pending()
