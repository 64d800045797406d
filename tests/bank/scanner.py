"""A scanner for our own pictures: it draws the very SVG that is served and lets an independent decoder read it."""

import re

import zxingcpp
from PIL import Image, ImageDraw

_DOT = 4
"""Pixels for a module, so that it is read as from paper."""


def scanned(svg: str) -> tuple[str, bytes]:
    """The kind of code in the picture and the bytes it holds."""
    wide, high = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    ground, bars = re.findall(r"<path [^>]*>", svg)
    assert f'd="M0 0h{wide}v{high}' in ground and 'fill="#fff"' in ground, "black on white in dark mode, too"
    thick = float((re.search(r'stroke-width="(\d+)"', bars) or [0, 1])[1])
    picture = Image.new("L", (wide * _DOT, high * _DOT), "white")
    pencil, x, y = ImageDraw.Draw(picture), 0.0, 0.0
    for step, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", re.search(r' d="([^"]*)"', bars)[1]):
        if step == "h":
            box = (x * _DOT, (y - thick / 2) * _DOT, (x + float(first)) * _DOT - 1, (y + thick / 2) * _DOT - 1)
            pencil.rectangle(box, fill="black")
            x += float(first)
        else:
            x, y = (float(first), float(second)) if step == "M" else (x + float(first), y + float(second))
    [found] = zxingcpp.read_barcodes(picture)
    return found.format.name, found.bytes
