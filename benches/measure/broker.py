"""A mosquitto of one's own on loopback, that lets everybody in."""

import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

HOST = "127.0.0.1"


class Broker:
    def __enter__(self):
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        config = pathlib.Path(self._folder.name) / "mosquitto.conf"
        config.write_text(f"listener {self.port} {HOST}\nallow_anonymous true\nset_tcp_nodelay true\n")
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self._process = subprocess.Popen([program, "-c", config], stderr=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while True:
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
                return self
            except OSError:
                if time.monotonic() > end or self._process.poll() is not None:
                    raise
                time.sleep(0.01)

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()
