"""A plain broker of one's own that can be stopped and started again with all that it kept.

    with Broker(tmp_path, certificates=cloud.dir) as broker:
        broker.restart()
"""

import pathlib
import shutil
import socket
import subprocess
import time

from ports import free_port


class Broker:
    """Mosquitto with a store of its own, on a plain port and on a TLS port with the certificates of a local cloud."""

    def __init__(self, folder, certificates):
        folder = pathlib.Path(folder)
        self.tcp_port, self.tls_port = free_port(), free_port()
        self._log = folder / "mosquitto.log"
        self._configuration = folder / "mosquitto.conf"
        self._configuration.write_text(
            f"user root\nallow_anonymous true\nset_tcp_nodelay true\nlog_dest file {self._log}\n"
            f"persistence true\npersistence_location {folder}/\n"
            # What waits for a client that is away is kept without a limit.
            "max_queued_messages 0\nmax_inflight_messages 20\n"
            f"listener {self.tcp_port} 127.0.0.1\n"
            f"listener {self.tls_port} 127.0.0.1\n"
            f"certfile {certificates / 'server.pem'}\nkeyfile {certificates / 'server.key'}\n"
        )
        self._process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self._process = subprocess.Popen([program, "-c", self._configuration], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        for port in (self.tcp_port, self.tls_port):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    said = self._log.read_text() if self._log.exists() else ""
                    assert self._process.poll() is None and time.monotonic() < end, f"mosquitto did not start: {said}"
                    time.sleep(0.01)

    def restart(self):
        self.stop()
        self.start()

    def stop(self):
        """Ends it in order: it writes down what it holds."""
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
