"""Another's client in a process of its own, told what to do by lines of JSON, and telling what its callbacks get by lines of
JSON: `{"do": …}` goes in, `{"callback": …, "got": …}` comes out."""

import json
import os
import queue
import subprocess
import threading


class PeerProcess:
    """A process, each of its callbacks a queue."""

    def __init__(self, *command, **environment):
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._queues = {}
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _queue(self, callback):
        with self._lock:
            return self._queues.setdefault(callback, queue.Queue())

    def _read(self):
        for line in self._process.stdout:
            told = json.loads(line)
            self._queue(told["callback"]).put(told["got"])

    def do(self, command, **fields):
        self._process.stdin.write(json.dumps({"do": command, **fields}) + "\n")
        self._process.stdin.flush()

    def get(self, callback, timeout=30):
        """What the callback's next call gets."""
        return self._queue(callback).get(timeout=timeout)

    def heard(self, callback):
        return not self._queue(callback).empty()

    def end(self):
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()
