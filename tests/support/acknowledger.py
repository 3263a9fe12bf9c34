"""An MQTT server for one client, over plain TCP or TLS: what came in which write?

    with Acknowledger(certificate) as server:
        server.port
    server.payloads, server.packets, server.records
"""

import socket
import ssl
import threading

WITHIN_S = 120
# What a subscriber gets at once.
MESSAGES = [f"m{number:02}" for number in range(20)]


class Acknowledger:
    """Serves one connection: acknowledges each message, and sends MESSAGES in one write behind a SUBACK, over TLS each in a
    record of its own. Keeps the payloads of messages, the sizes of all packets, and how many bytes each record of TLS
    held. `certificate` is a path without its ending. Clear `welcomes` to keep CONNACK back until it is set."""

    def __init__(self, certificate=None):
        self.packets, self.payloads, self.records = [], [], []
        self.welcomes = threading.Event()
        self.welcomes.set()
        self._tls = None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.with_suffix(".pem"), certificate.with_suffix(".key"))
            self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._handshaken = False
        self._plain = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listener.close()
        self._thread.join(WITHIN_S)

    def _run(self):
        connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(WITHIN_S)
            while data := connection.recv(65536):
                self._plain += self._decrypted(data) if self._tls else data
                replies = self._replies()
                if self._tls:
                    for reply in replies:
                        self._tls.write(reply)
                connection.sendall(self._outgoing.read() if self._tls else b"".join(replies))

    def _decrypted(self, data):
        self._incoming.write(data)
        plain = b""
        try:
            if not self._handshaken:
                self._tls.do_handshake()
                self._handshaken = True
            while piece := self._tls.read(65536):  # of one record
                self.records.append(len(piece))
                plain += piece
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            pass
        return plain

    def _replies(self):
        replies = []
        while (size := _size(self._plain)) <= len(self._plain):
            packet, self._plain = self._plain[:size], self._plain[size:]
            self.packets.append(size)
            kind = packet[0] >> 4
            if kind == 1:
                self.welcomes.wait(WITHIN_S)
                replies.append(b"\x20\x02\x00\x00")
            elif kind == 3:
                body = packet[-_body(packet) :]
                topic = int.from_bytes(body[:2], "big")
                replies.append(b"\x40\x02" + body[2 + topic : 4 + topic])
                self.payloads.append(body[4 + topic :].decode())
            elif kind == 8:
                filter = packet[4:-1]
                replies.append(b"\x90\x03" + packet[2:4] + b"\x00")
                replies += [bytes([0x30, len(filter) + len(text)]) + filter + text.encode() for text in MESSAGES]
        return replies


def _body(packet):
    """The remaining length of a packet (MQTT 3.1.1, section 2.2.3); None if it has not come as a whole."""
    length = 0
    for place, byte in enumerate(packet[1:5]):
        length += (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return length
    return None


def _size(bytes):
    """Of the first packet; more than there are bytes if it is not whole."""
    body = _body(bytes)
    if body is None:
        return len(bytes) + 1
    return 1 + (1 if body < 1 << 7 else 2 if body < 1 << 14 else 3) + body
