"""The days that main.c simulates, and what follows from their numbers."""

import dataclasses
from dataclasses import dataclass

from programs import ROOT, board_program

SECONDS = 24 * 60 * 60
# Headers of IPv4 and TCP without options; a record of TLS 1.2 with AES-GCM: header, nonce and tag.
SEGMENT, RECORD = 20 + 20, 5 + 8 + 16
# Link SDK C 4: AIOT_MQTTOPT_HEARTBEAT_INTERVAL_MS is 25,000, and a heartbeat is sent whatever else is sent.
SDK_PING_S = 25


@dataclass(frozen=True)
class Day:
    what: str  # "idle", "post", "qos1" or "qos0"; "connect" for the login before a day
    every_s: int
    keepalive_s: int
    packets_out: int
    packets_in: int
    pings: int
    bytes_out: int
    bytes_in: int
    wakeups: int
    idle_wakeups: int
    instructions: int

    def key(self):
        return self.what, self.every_s, self.keepalive_s

    def with_instructions(self, instructions):
        return dataclasses.replace(self, instructions=instructions)

    @property
    def mqtt_bytes(self):
        return self.bytes_out + self.bytes_in

    @property
    def ip_bytes(self):
        """An estimate: each packet is a record and a segment of its own, and a segment without data ends each exchange."""
        packets = self.packets_out + self.packets_in
        return self.mqtt_bytes + packets * (RECORD + SEGMENT) + self.packets_out * SEGMENT


def duration(seconds):
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds > 60 and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def measured():
    sources = [ROOT / "benches/day/main.c", ROOT / "benches/board/board.c"]
    lines = [line.split() for line in board_program("day", sources)]
    if not lines or any(len(line) != len(dataclasses.fields(Day)) for line in lines):
        raise RuntimeError(f"the emulated board said {lines}")
    days = [Day(what, *map(int, numbers)) for what, *numbers in lines]
    for day in days:
        if day.idle_wakeups:
            raise RuntimeError(f"{day.key()}: {day.idle_wakeups} wake-ups without anything to do")
    return days


def with_link_sdk(day):
    """What Link SDK C sends on the same day: the same messages, and a ping every 25 s."""
    pings = SECONDS // SDK_PING_S
    more = pings - day.pings
    return dataclasses.replace(
        day,
        pings=pings,
        packets_out=day.packets_out + more,
        packets_in=day.packets_in + more,
        bytes_out=day.bytes_out + 2 * more,
        bytes_in=day.bytes_in + 2 * more,
    )
