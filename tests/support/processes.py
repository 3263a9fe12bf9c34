"""A program that prints lines while a test watches it.

    class Courier(Speaking): ...
    with Courier([program, "1"], env=environment) as running: ...
"""

import subprocess
import threading


class Speaking:
    """The program while it runs. A thread gives each line to `hear`, as words, and None at the end of the output."""

    def __init__(self, command, **options):
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self.hear(line.split())
        self.hear(None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()
