"""The pages: their tables, and what stands around them in page.md.in and page.zh.md.in."""

import pathlib
import re
from dataclasses import dataclass

from day import duration, with_link_sdk
from programs import ROOT

MHZ = 25
# The days that are compared with Link SDK C: first one with a keepalive that finds a dead link as soon, then for each
# activity one with a keepalive that fits it.
COMPARED = [("idle", 0, 50), ("idle", 0, 1200), ("post", 10, 60), ("post", 60, 70), ("post", 600, 610), ("post", 3600, 1200)]


@dataclass(frozen=True)
class Language:
    path: pathlib.Path
    template: str
    words: dict

    def label(self, day):
        return self.words[day.what].format(self.duration(day.every_s))

    def duration(self, seconds):
        text = duration(seconds)
        for unit, name in self.words["units"]:
            text = re.sub(rf"{unit}$", name, text)
        return text


ENGLISH = {
    "idle": "nothing",
    "post": "a post every {}",
    "qos1": "a QoS 1 message every {}",
    "qos0": "a QoS 0 message every {}",
    "units": [],
}
CHINESE = {
    "idle": "不发送",
    "post": "每 {}上报一次属性",
    "qos1": "每 {}发布一条 QoS 1 消息",
    "qos0": "每 {}发布一条 QoS 0 消息",
    "units": [(" h", " 小时"), (" min", " 分钟"), (" s", " 秒")],
}
LANGUAGES = {
    "en": Language(ROOT / "docs/day.md", "page.md.in", ENGLISH),
    "zh": Language(ROOT / "docs/day.zh.md", "page.zh.md.in", CHINESE),
}


def row(*cells):
    return "| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in cells) + " |"


def table(language, days):
    return [
        row(
            language.label(day),
            day.keepalive_s,
            day.pings,
            day.packets_out,
            day.packets_in,
            day.mqtt_bytes,
            day.ip_bytes,
            day.wakeups,
            day.instructions,
            round(day.instructions / MHZ / 1000),
        )
        for day in days
    ]


def comparison(language, days):
    by_key = {day.key(): day for day in days}
    for key in COMPARED:
        ours = by_key[key]
        theirs = with_link_sdk(ours)
        times = (theirs.packets_out + theirs.packets_in) / (ours.packets_out + ours.packets_in)
        yield row(
            language.label(ours),
            ours.keepalive_s,
            ours.packets_out + ours.packets_in,
            theirs.packets_out + theirs.packets_in,
            f"{times:.1f}",
            ours.ip_bytes,
            theirs.ip_bytes,
        )


def committed_instructions(page):
    """By the key of a day, from the English page."""
    words = {re.escape(text).replace(r"\{\}", r"(\d+) (\w+)"): what for what, text in ENGLISH.items() if what != "units"}
    sizes = {"s": 1, "min": 60, "h": 3600}
    found = {}
    for label, keepalive, instructions in re.findall(r"^\| ([^|]+) \| ([\d,]+) \|(?: [\d,]+ \|){6} ([\d,]+) \|", page, re.M):
        for pattern, what in words.items():
            if match := re.fullmatch(pattern, label):
                every = int(match[1]) * sizes[match[2]] if match.groups() else 0
                found[what, every, number(keepalive)] = number(instructions)
    if match := re.search(r"([\d,]+) instructions to connect", page):
        found["connect", 0, 0] = number(match[1])
    return found


def number(text):
    return int(text.replace(",", ""))


def page(language, days):
    by_key = {day.key(): day for day in days}
    connect, days = by_key["connect", 0, 0], [day for day in days if day.what != "connect"]
    post, ping = by_key["post", 600, 1200], by_key["idle", 0, 1200]
    most = max(day.instructions for day in days)
    numbers = {
        "rows": "\n".join(table(language, days)),
        "comparison": "\n".join(comparison(language, days)),
        "mhz": f"{MHZ}",
        "connect": f"{connect.instructions:,}",
        "connect_bytes": f"{connect.bytes_out}",
        "post": f"{post.instructions // post.packets_out:,}",
        "post_bytes": f"{post.bytes_out // post.packets_out}",
        "reply_bytes": f"{post.bytes_in // post.packets_in}",
        "ping": f"{ping.instructions // ping.packets_out:,}",
        "saved": f"{by_key['post', 60, 60].pings - by_key['post', 60, 70].pings:,}",
        "too_tight": f"{by_key['post', 60, 65].pings:,}",
        "most_seconds": f"{most / MHZ / 1e6:.1f}",
        "most_percent": f"{100 * most / MHZ / 1e6 / 86400:.3f}",
    }
    text = (pathlib.Path(__file__).parent / language.template).read_text(encoding="utf-8")
    for name, value in numbers.items():
        text = text.replace(f"{{{name}}}", value)
    return text
