"""A mosquitto of one's own on loopback that accepts every client, on a plain port and on a TLS port."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

# The name in the certificate; the port over BSD sockets verifies it.
NAME = "localhost"
HOST = "127.0.0.1"

EXTENSIONS = """[req]
distinguished_name=name
x509_extensions=extensions
[name]
[extensions]
basicConstraints=critical,CA:TRUE
subjectAltName=DNS:localhost,IP:127.0.0.1
"""


def _certificate(folder):
    """One that is its own root; its path without the ending."""
    stem = folder / "server"
    configuration = folder / "openssl.cnf"
    configuration.write_text(EXTENSIONS)
    command = ["openssl", "req", "-x509", "-config", configuration, "-subj", f"/CN={NAME}", "-days", "2", "-nodes"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-keyout", stem.with_suffix(".key"), "-out", stem.with_suffix(".pem")]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return stem


def _free_port():
    with socket.socket() as free:
        free.bind((HOST, 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def one_processor():
    """Whatever is started meanwhile shares one processor, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    all_processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(all_processors)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_processors)


class Broker:
    def __enter__(self):
        self.port, self.tls_port = _free_port(), _free_port()
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        folder = pathlib.Path(self._folder.name)
        certificate = _certificate(folder)
        self.root = certificate.with_suffix(".pem")
        config = folder / "mosquitto.conf"
        config.write_text(
            "user root\nallow_anonymous true\nset_tcp_nodelay true\n"
            # A receiver that is slower than the publisher loses nothing.
            "max_queued_messages 0\n"
            f"listener {self.port} {HOST}\n"
            f"listener {self.tls_port} {HOST}\n"
            f"certfile {self.root}\nkeyfile {certificate.with_suffix('.key')}\n"
        )
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self._process = subprocess.Popen([program, "-c", config], stderr=subprocess.DEVNULL)
        for port in (self.port, self.tls_port):
            self._wait_for(port)
        return self

    def _wait_for(self, port):
        end = time.monotonic() + 10
        while True:
            try:
                socket.create_connection((HOST, port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > end or self._process.poll() is not None:
                    raise
                time.sleep(0.01)

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()
