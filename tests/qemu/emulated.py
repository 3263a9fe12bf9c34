"""The emulated board's hardware while a script runs: what is measured, and what lights."""

import json
import socket
import time

LEDS = 0x4002_8000


class Hardware:
    """`run --qmp path` opens the socket."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        end = time.monotonic() + 30
        while True:
            try:
                self._socket.connect(str(path))
                break
            except OSError:
                assert time.monotonic() < end, "no emulator"
                time.sleep(0.05)
        self._lines = self._socket.makefile("rw")
        self._lines.readline()
        self._do("qmp_capabilities")

    def _do(self, command, **arguments):
        self._lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._lines.flush()
        # Events may come first.
        while "event" in (reply := json.loads(self._lines.readline())):
            pass
        return reply["return"]

    def set_temperature(self, degrees):
        self._do("qom-set", path="/machine/peripheral/thermometer", property="temperature", value=round(degrees * 1000))

    def led(self, number):
        said = self._do("human-monitor-command", **{"command-line": f"xp /1wx {LEDS:#x}"})
        return int(said.split(":")[1], 16) >> number & 1

    def wait_led(self, number, level):
        end = time.monotonic() + 30
        while self.led(number) != level:
            assert time.monotonic() < end, f"LED {number} is not {level}"
            time.sleep(0.02)

    def close(self):
        self._lines.close()
        self._socket.close()
