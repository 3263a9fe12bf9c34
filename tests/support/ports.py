"""A port for a server that takes one by its number."""

import random
import socket

# Below those that the kernel gives to connections, Linux from 32768 and others from 49152: one of those may be taken
# between two looks, and a client that tries it while nobody listens may even be connected to itself.
PORTS = range(16_384, 32_768)


def free_port():
    """A port of 127.0.0.1 on which nobody listens now."""
    while True:
        port = random.choice(PORTS)
        try:
            socket.create_server(("127.0.0.1", port)).close()
            return port
        except OSError:
            pass
