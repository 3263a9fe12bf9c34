"""A network that misbehaves: a TCP proxy in front of a server's port.

    with Network(cloud.tls_port, [Fault("reset", after=5000)]) as network:
        network.port

Each connection takes the next fault of the iterable, and has none when that is at its end.

| kind | when `after` bytes have passed |
|---|---|
| `cut` | both ends are closed in order (FIN) |
| `reset` | both ends are closed at once (RST) |
| `stall` | nothing passes any more, and nobody is told: a half-open connection |
| `corrupt` | one byte is turned over, and all goes on |
| `end` | the receiver sees the end of the stream, while the other direction goes on (half-close) |
| `split` | every byte comes as a segment of its own |
| `delay` | every piece comes `seconds` later |
"""

import asyncio
import socket
import struct
import threading
from dataclasses import dataclass

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass
class Fault:
    kind: str
    after: int = 0
    # Which bytes count, and which direction is struck: "up" to the server, "down" to the device, or both.
    way: str = "both"
    seconds: float = 0.05

    def concerns(self, up):
        return self.way == "both" or self.way == ("up" if up else "down")


class _Link:
    """One connection: both ends, and how much has passed."""

    def __init__(self, near, far, fault):
        self.near = near
        self.far = far
        self.fault = fault
        self.passed = 0
        self.struck = False
        self.silent = False

    def close(self, reset=False):
        for writer in (self.near, self.far):
            if reset:
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                writer.transport.abort()
            else:
                writer.close()


class Network:
    """Takes connections on a free port of loopback and passes them on to `target`, each with its fault."""

    def __init__(self, target, faults=()):
        self._target = target
        self._faults = iter(faults)
        self.connections = 0
        self.struck = 0

    def __enter__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        serving = asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self):
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, from_device, to_device):
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            to_device.close()
            return
        self.connections += 1
        link = _Link(to_device, to_server, next(self._faults, None))
        ways = (self._carry(link, True, from_device, to_server), self._carry(link, False, from_server, to_device))
        try:
            await asyncio.gather(*ways)
        except asyncio.CancelledError:
            pass
        finally:
            link.close()

    async def _carry(self, link, up, source, sink):
        """Passes on what comes from `source`, to its end."""
        try:
            while data := await source.read(1 << 16):
                if link.silent:
                    continue
                if link.fault is None or not link.fault.concerns(up):
                    sink.write(data)
                else:
                    await self._pass(link, up, data, sink)
                await sink.drain()
            if not link.silent and not sink.is_closing():
                sink.write_eof()
        except OSError:
            link.close()

    async def _pass(self, link, up, data, sink):
        fault = link.fault
        room = fault.after - link.passed
        link.passed += len(data)
        if room > len(data):
            sink.write(data)
            return
        before, after = (data[:room], data[room:]) if room > 0 else (b"", data)
        sink.write(before)
        if not link.struck:
            link.struck = True
            self.struck += 1
            if fault.kind == "corrupt" and after:
                after = bytes([after[0] ^ 0xFF]) + after[1:]
            elif fault.kind == "corrupt":
                link.struck = False
                self.struck -= 1
        if fault.kind == "split":
            for byte in after:
                sink.write(bytes([byte]))
                await sink.drain()
                await asyncio.sleep(0)
        elif fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
            sink.write(after)
        elif fault.kind == "corrupt":
            sink.write(after)
        elif fault.kind == "end":
            if not sink.is_closing():
                await sink.drain()
                sink.write_eof()
            link.fault = Fault("deaf", way=fault.way)
        elif fault.kind == "stall":
            link.silent = True
        elif fault.kind in ("cut", "reset"):
            await sink.drain()
            link.close(reset=fault.kind == "reset")
