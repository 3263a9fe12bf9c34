"""MQTT packets as Wireshark's decoder (`tshark`) reads them."""

import struct
import subprocess
import tempfile
import xml.etree.ElementTree as xml

PROGRAM = "tshark"

# Raw IPv4, as pcap files number their kinds of links.
LINK_TYPE = 228
MQTT_PORT = 1883
# An IPv4 packet is at most 65535 bytes long.
SEGMENT = 60000


class Packet:
    """One MQTT packet; `up` if the device sent it."""

    def __init__(self, up, proto):
        self.up = up
        self.size = int(proto.get("size"))
        self.parts = proto.findall("field")
        self.fields = list(proto.iter("field"))
        self.type = self.show("mqtt.msgtype")

    def all(self, name):
        return [field for field in self.fields if field.get("name") == name]

    def has(self, name):
        return bool(self.all(name))

    def _one(self, name):
        (field,) = self.all(name)
        return field

    def show(self, name):
        """The field's value as a number."""
        return int(self._one(name).get("show"), 0)

    def raw(self, name):
        """The field's bytes."""
        return bytes.fromhex(self._one(name).get("value"))

    def width(self, name):
        """How many bytes the field takes."""
        return int(self._one(name).get("size"))

    def is_covered(self):
        """Whether the fields hold every byte of the packet, each once."""
        at = [int(part.get("pos")) for part in self.parts]
        ends = [begin + int(part.get("size")) for begin, part in zip(at, self.parts)]
        return at[1:] == ends[:-1] and ends[-1] - at[0] == self.size

    def __repr__(self):
        return f"<{'up' if self.up else 'down'} {self._one('mqtt.msgtype').get('showname')}, {self.size} bytes>"


def decode(chunks):
    """The packets of one connection, in the order of their last bytes, and what Wireshark complains about."""
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        directions = list(write(file, chunks))
        file.flush()
        command = [PROGRAM, "-n", "-r", file.name, "-T", "pdml"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    packets, complaints = [], []
    frames = xml.fromstring(done.stdout).findall("packet")
    assert len(frames) == len(directions)
    for up, frame in zip(directions, frames):
        for proto in frame.iter("proto"):
            if proto.get("name") == "mqtt":
                packets.append(Packet(up, proto))
                complaints += [field.get("showname") for field in proto.iter("field") if field.get("name") == "_ws.expert"]
            elif proto.get("name") == "_ws.malformed":
                complaints.append(proto.get("showname"))
    return packets, complaints


def write(file, chunks):
    """Writes a capture of the chunks and yields the direction of each frame in it."""
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0xFFFF, LINK_TYPE))
    sequence = {True: 1, False: 1}
    time = 0
    # Wireshark takes the side that opens the connection for the client.
    for up, flags, data in [(True, SYN, b""), (False, SYN | ACK, b""), *segments(chunks)]:
        begin = 0 if flags & SYN else sequence[up]
        seen = sequence[not up] if flags & ACK else 0
        tcp = struct.pack("!HHIIBBHHH", *ports(up), begin, seen, 5 << 4, flags, 0xFFFF, 0, 0)
        ends = (b"\x0a\0\0\x01", b"\x0a\0\0\x02")
        source, target = ends if up else reversed(ends)
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp) + len(data), 0, 0, 64, 6, 0, source, target)
        frame = ip + tcp + data
        file.write(struct.pack("<IIII", 0, time, len(frame), len(frame)) + frame)
        sequence[up] += len(data)
        time += 1
        yield up


SYN = 0x02
PSH = 0x08
ACK = 0x10


def ports(up):
    return (50000, MQTT_PORT) if up else (MQTT_PORT, 50000)


def segments(chunks):
    for chunk in chunks:
        for begin in range(0, len(chunk.data), SEGMENT):
            yield chunk.up, PSH | ACK, chunk.data[begin : begin + SEGMENT]
