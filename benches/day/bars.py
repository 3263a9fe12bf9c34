"""Stacked horizontal bars as SVG, in the style of the line charts."""

import xml.etree.ElementTree as xml

from picture import STYLE, line, number, words

WIDTH, LEFT, RIGHT, TOP, ROW = 720, 190, 70, 64, 26


def bars(title, names, rows):
    """`rows` has for each bar its label and its values, one for each of the `names`."""
    height = TOP + ROW * len(rows) + 16
    svg = xml.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}", role="img")
    xml.SubElement(svg, "title").text = title
    xml.SubElement(svg, "style").text = STYLE
    xml.SubElement(svg, "rect", {"class": "ground", "width": str(WIDTH), "height": str(height), "rx": "6"})
    words(svg, title, 16, 24, {"class": "title"})
    across = 16
    for index, name in enumerate(names):
        bar(svg, index, across, 38, 14, 12)
        words(svg, name, across + 20, 49)
        across += 300
    scale = (WIDTH - LEFT - RIGHT) / max(sum(values) for _, values in rows)
    for place, (label, values) in enumerate(rows):
        top = TOP + ROW * place
        words(svg, label, LEFT - 8, top + 15, {"text-anchor": "end"})
        across = LEFT
        for index, value in enumerate(values):
            bar(svg, index, across, top, value * scale, ROW - 6)
            across += value * scale
        words(svg, f"{sum(values):,}", across + 6, top + 15)
    line(svg, (LEFT, TOP - 4), (LEFT, height - 12))
    return xml.tostring(svg, encoding="unicode") + "\n"


def bar(svg, index, left, top, width, height):
    shape = {"x": number(left), "y": number(top), "width": number(width), "height": number(height)}
    xml.SubElement(svg, "rect", {"class": f"s{index}", "style": "stroke: none", **shape})
