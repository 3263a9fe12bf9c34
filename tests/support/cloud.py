"""The local cloud for a test: start it, tell it what to do, ask what it has seen.

    with Cloud() as cloud:
        cloud.device["deviceSecret"]
        cloud.do("set", device="dev01", params={"LightSwitch": 1})
        cloud.wait_seen(kind="set_reply")

    with Cloud("--cloud", "all") as cloud:
        cloud.vendors["tencent"]["devices"][0]     # what a script passes to Device.connect
        cloud.do("set", cloud="tencent", device="tencent01", params={"LightSwitch": 1})
"""

import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time

from micropython import WITHIN_S
from ports import free_port

TRIES = 3
ROOT = pathlib.Path(__file__).resolve().parents[2]


def launcher():
    """The launcher: the one that LOCAL_CLOUD names, else the one that `cargo build -p local-cloud` makes."""
    return os.environ.get("LOCAL_CLOUD") or str(ROOT / "target" / "debug" / "local-cloud")


class CloudError(Exception):
    """The cloud said no, or did not see what was waited for."""


class Cloud:
    """A local cloud of one's own, on free ports, that ends with this process. What it keeps is gone with it, unless `folder`
    names a place for that."""

    def __init__(self, *options, folder=None):
        self._options = options
        self._own_folder = folder
        self._folder = None
        self._process = None
        self._control = None

    def start(self):
        if self._own_folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="local-cloud-")
        folder = str(self._own_folder or self._folder.name)
        # Somebody else may take a port that was free a moment ago: that is no reason to fail.
        for _ in range(TRIES):
            ports = [word for use in ("tls", "tcp", "https", "control") for word in (f"--{use}-port", str(free_port()))]
            command = [launcher(), "--quiet", "--until-eof", "--dir", folder, *ports, "--vendor-ports", "0", *self._options]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if self._process.stdout.readline().strip() == "ready":
                break
            self._process.communicate()
        else:
            raise CloudError(f"{command[0]} ended with {self._process.returncode} before it was ready, {TRIES} times")
        self.dir = pathlib.Path(folder).resolve()
        card = json.loads((self.dir / "cloud.json").read_text())
        self.host = card["host"]
        self.tls_port = card["tls_port"]
        self.tcp_port = card["tcp_port"]
        self.https_port = card["https_port"]
        self.control_port = card["control_port"]
        self.ca_file = card["ca_file"]
        self.devices = card["devices"]
        self.vendors = card["vendors"]
        self.control_token = card["control_token"]
        self._control, self._lines = self.open_control()
        return self

    def open_control(self):
        """Another connection to the control port, before its first line, which has to carry the token."""
        control = socket.create_connection(("127.0.0.1", self.control_port), timeout=60)
        return control, control.makefile("rw", encoding="utf-8", newline="\n")

    def stop(self):
        if self._control:
            self._lines.close()
            self._control.close()
        if self._process:
            self._process.stdin.close()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process.stdout.close()
        if self._folder:
            self._folder.cleanup()

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    @property
    def device(self):
        """The first device's credentials."""
        return self.devices[0]

    def new_device(self, **fields):
        """Another device's credentials; its own product with `productKey="…"`, another vendor's with `cloud="…"`."""
        return self.do("device", **fields)["device"]

    def do(self, command, **fields):
        """Carries out one command and returns the reply, or raises with what was wrong."""
        self._lines.write(json.dumps({"do": command, "token": self.control_token, **fields}) + "\n")
        self._lines.flush()
        line = self._lines.readline()
        if not line:
            raise CloudError("the cloud has ended")
        reply = json.loads(line)
        if not reply.pop("ok"):
            raise CloudError(reply["error"])
        return reply

    def seen(self, **filters):
        """The records kept, oldest first; filters: device, productKey, kind, since."""
        return self.do("seen", **filters)["records"]

    def wait_offline(self, device, timeout=10):
        """Returns when the end of a device's connection was read, and so all that came before it."""
        end = time.monotonic() + timeout
        while any(about["device"] == device for about in self.do("online")["devices"]):
            if time.monotonic() > end:
                raise CloudError(f"{device} is still connected after {timeout} s")
            time.sleep(0.01)

    def wait_seen(self, predicate=None, timeout=WITHIN_S, **filters):
        """The first record that the filters and the predicate let through, now or within the timeout."""
        end = time.monotonic() + timeout
        while True:
            records = self.seen(**filters)
            for record in records:
                if predicate is None or predicate(record):
                    return record
            if time.monotonic() > end:
                what = json.dumps(self.seen()[-20:], indent=1, ensure_ascii=False)
                raise CloudError(f"not seen in {timeout} s: {filters}; the last records: {what}")
            time.sleep(0.02)
