"""Simulates days of a device, and writes docs/day.md, docs/day.zh.md and docs/pictures/day.svg; with --check compares them.

`cargo xtask day` builds what is needed, says in the environment where it is, and runs this.
"""

import difflib
import sys

from bars import bars
from day import Day, duration, measured, with_link_sdk
from pages import LANGUAGES, committed_instructions, page
from programs import ROOT

# A count of instructions may differ by so much from what another version of the compiler makes of the same source.
TOLERANCE = 0.10
PICTURE = ROOT / "docs" / "pictures" / "day.svg"


def picture(days: list[Day]):
    """Of the posts, each interval with several keepalives, and with the pings of Link SDK C."""
    title = "Packets a day, both directions · 每天的报文数（收发合计）"
    names = ("messages and replies · 消息和响应", "pings and their replies · 心跳和响应")
    rows = []
    for interval in sorted({day.every_s for day in days}):
        every = duration(interval)
        same = [day for day in days if day.every_s == interval]
        rows += [(f"{every}, keepalive {day.keepalive_s} s", day) for day in same]
        rows.append((f"{every}, Link SDK C", with_link_sdk(same[0])))
    return bars(title, names, [(label, (day.packets_out + day.packets_in - 2 * day.pings, 2 * day.pings)) for label, day in rows])


def checked(days, committed):
    """The days with the instructions that the page has, and the days whose instructions differ too much."""
    known, wrong = [], []
    for day in days:
        number = committed.get(day.key())
        if number is not None and abs(day.instructions - number) <= TOLERANCE * number:
            day = day.with_instructions(number)
        else:
            wrong.append(f"{' '.join(map(str, day.key()))}: {day.instructions:,} instructions, and docs/day.md has {number}")
        known.append(day)
    return known, wrong


def main():
    days = measured()
    wrong = []
    check = "--check" in sys.argv
    if check:
        days, wrong = checked(days, committed_instructions(LANGUAGES["en"].path.read_text()))
    files = {language.path: page(language, days) for language in LANGUAGES.values()}
    files[PICTURE] = picture([day for day in days if day.what == "post" and day.every_s > 10])
    for path, text in files.items():
        if not check:
            path.write_text(text)
        elif path.read_text() != text:
            names = (f"{path.name} as committed", f"{path.name} as measured")
            wrong += difflib.unified_diff(path.read_text().splitlines(), text.splitlines(), *names, lineterm="", n=0)
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
