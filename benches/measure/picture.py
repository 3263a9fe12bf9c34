"""Line charts as SVG: the same bytes for the same numbers, no script, readable on light and dark pages."""

import math
import xml.etree.ElementTree as xml
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, BOTTOM = 100, 40, 56
# Where the legend begins, and a row of it.
LEGEND, ROW = 49, 20
# A line of the legend, and a letter of its text on average.
SAMPLE, LETTER = 28, 7.4
STYLE = """
.ground { fill: #ffffff } text { fill: #24292f; font: 14px system-ui, sans-serif } .title { font-size: 16px; font-weight: 600 }
.grid { stroke: #d0d7de } .line { fill: none; stroke-width: 2.5 }
.s0 { stroke: #0969da; fill: #0969da } .s1 { stroke: #bc4c00; fill: #bc4c00; stroke-dasharray: 8 4 }
.s2 { stroke: #1a7f37; fill: #1a7f37; stroke-dasharray: 2 4 } .s3 { stroke: #8250df; fill: #8250df; stroke-dasharray: 10 3 2 3 }
.dot { stroke-dasharray: none }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117 } text { fill: #e6edf3 } .grid { stroke: #30363d }
.s0 { stroke: #58a6ff; fill: #58a6ff } .s1 { stroke: #f0883e; fill: #f0883e }
.s2 { stroke: #3fb950; fill: #3fb950 } .s3 { stroke: #bc8cff; fill: #bc8cff }
}
"""


@dataclass
class Axis:
    label: str
    # Powers of ten at equal distances, for values that span many of them.
    logarithmic: bool = False
    # Bytes: ticks at multiples of powers of two.
    binary: bool = False

    def ticks(self, values):
        low, high = min(values), max(values)
        if self.logarithmic:
            return [10**power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]
        step = nice(high / 5, 2 if self.binary else 10)
        return [step * i for i in range(math.ceil(high / step) + 1)]

    def place(self, value, ticks):
        """From 0, at the first tick, to 1, at the last one."""
        if self.logarithmic:
            value, ticks = math.log10(value), [math.log10(ticks[0]), math.log10(ticks[-1])]
        return (value - ticks[0]) / (ticks[-1] - ticks[0])

    def shown(self, value):
        if self.binary:
            for unit, size in (("MiB", 1 << 20), ("KiB", 1 << 10)):
                if value >= size:
                    return f"{value / size:g} {unit}"
        if value >= 10**7:
            return f"{value / 10**6:g} million"
        return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:g}"


def nice(least, base):
    """The smallest step of at least `least` that people count in."""
    power = base ** math.floor(math.log(least, base))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least)


def lines(title, x, y, series):
    """`series` has for each line its name and its points, at most four lines."""
    svg = xml.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img")
    xml.SubElement(svg, "title").text = title
    xml.SubElement(svg, "style").text = STYLE
    xml.SubElement(svg, "rect", {"class": "ground", "width": str(WIDTH), "height": str(HEIGHT), "rx": "6"})
    words(svg, title, LEFT, 24, {"class": "title"})
    x_ticks = x.ticks([point[0] for _, points in series for point in points])
    y_ticks = y.ticks([point[1] for _, points in series for point in points])
    top = LEGEND + ROW * legend(svg, [name for name, _ in series])

    def at(point):
        across, up = x.place(point[0], x_ticks), y.place(point[1], y_ticks)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - top - BOTTOM)

    for tick in y_ticks:
        _, height = at((x_ticks[0], tick))
        line(svg, (LEFT, height), (WIDTH - RIGHT, height))
        words(svg, y.shown(tick), LEFT - 8, height + 5, {"text-anchor": "end"})
    for tick in x_ticks:
        across, _ = at((tick, y_ticks[0]))
        line(svg, (across, HEIGHT - BOTTOM), (across, HEIGHT - BOTTOM + 6))
        words(svg, x.shown(tick), across, HEIGHT - BOTTOM + 22, {"text-anchor": "middle"})
    words(svg, x.label, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, {"text-anchor": "middle"})
    middle = (top + HEIGHT - BOTTOM) / 2
    words(svg, y.label, 18, middle, {"text-anchor": "middle", "transform": f"rotate(-90 18 {number(middle)})"})

    for index, (_, points) in enumerate(series):
        places = [at(point) for point in points]
        path = " ".join(f"{number(left)},{number(height)}" for left, height in places)
        xml.SubElement(svg, "polyline", {"class": f"line s{index}", "points": path, "style": "fill: none"})
        for left, height in places:
            xml.SubElement(svg, "circle", {"class": f"dot s{index}", "cx": number(left), "cy": number(height), "r": "3"})
    return xml.tostring(svg, encoding="unicode") + "\n"


def legend(svg, names):
    """Draws it if there are several lines; returns its rows."""
    if len(names) == 1:
        return 0
    across, row = LEFT, 0
    for index, name in enumerate(names):
        width = SAMPLE + 6 + LETTER * len(name)
        if across + width > WIDTH - RIGHT:
            across, row = LEFT, row + 1
        height = LEGEND + ROW * row
        line(svg, (across, height - 5), (across + SAMPLE, height - 5), f"line s{index}")
        words(svg, name, across + SAMPLE + 6, height)
        across += width + 14
    return row + 1


def number(value):
    return f"{value:.1f}".removesuffix(".0")


def line(svg, start, end, style="grid"):
    (x1, y1), (x2, y2) = start, end
    xml.SubElement(svg, "line", {"class": style, "x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2)})


def words(svg, text, x, y, more=None):
    xml.SubElement(svg, "text", {"x": number(x), "y": number(y), **(more or {})}).text = text
