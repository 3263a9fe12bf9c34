"""A script's clock that a test can put forward: an hour takes no hour then.

    clock = Clock(tmp_path)
    with Script(text, cloud, device, env=clock.env) as script:
        clock.forward(11)

The device sees the time pass; what sleeps meanwhile sleeps as long as it would. With the sanitizers it does not work: mark a
test that has a clock as `bare`.
"""

import os
import pathlib
import struct
import subprocess


class Clock:
    def __init__(self, folder):
        self._file = folder / "clock"
        self._ahead_ms = 0
        self._write()
        library = folder / "clock.so"
        source = pathlib.Path(__file__).with_suffix(".c")
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
        self.env = {"LD_PRELOAD": str(library), "CLOCK_FILE": str(self._file)}

    def _write(self):
        with open(self._file, "r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("q", self._ahead_ms))

    def forward(self, seconds):
        self._ahead_ms += int(seconds * 1000)
        self._write()
