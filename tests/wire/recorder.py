"""A TCP proxy that keeps what passes, each piece as it was received."""

import socket
import threading
from dataclasses import dataclass


@dataclass
class Chunk:
    """What one recv() gave; `up` if the device sent it."""

    up: bool
    data: bytes


class Recorder:
    """Takes one connection on a free port of loopback and passes it on to `port`."""

    def __init__(self, port):
        self._target = port
        self._lock = threading.Lock()
        self._threads = []
        self.chunks = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def wait(self, timeout=60):
        """Returns when the connection has ended on both sides."""
        self._accepting.join(timeout)
        for thread in self._threads:
            thread.join(timeout)
            assert not thread.is_alive(), "the connection has not ended"

    def _accept(self):
        device, _ = self._listener.accept()
        cloud = socket.create_connection(("127.0.0.1", self._target))
        for side in (device, cloud):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for up, source, sink in ((True, device, cloud), (False, cloud, device)):
            thread = threading.Thread(target=self._pass_on, args=(up, source, sink), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _pass_on(self, up, source, sink):
        try:
            while data := source.recv(1 << 20):
                with self._lock:
                    self.chunks.append(Chunk(up, data))
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other side has closed first
