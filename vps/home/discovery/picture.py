"""Flows as a picture: sources on the left, wallets in the middle, ends on the right, as broad as their amounts.

Our own SVG without scripts, links or foreign styles. Every box says its name and amount and every band what it is, so that no colour has
to be told from another; equal facts are the same bytes.
"""

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from typing import NamedTuple

from vps.hypermedia import formats
from vps.kernel.money import Money

CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox"
MOST = 16
"""Boxes on the left, and on the right; what is smaller is one box more on each side."""
MOST_WALLETS = 5
WIDTH, BOX, GAP, SPACE, TALL = 960, 12, 10, 30, 420
LEFT, MIDDLE, RIGHT = 270, 474, 678
"""Where the columns of boxes begin."""
LONGEST = 40
COLOURS = ("2f6d8c", "8a5a00", "3f7a3a", "7d3f7a", "a8433b", "4b5a6b")
STYLE = (
    "text{font:12px system-ui,'DejaVu Sans',sans-serif;fill:#1d2420}.box{fill:#1d2420}.band{fill-opacity:.45;stroke:#ffffff;stroke-width:.5}"
    "@media(prefers-color-scheme:dark){text{fill:#e9ebe6}.box{fill:#e9ebe6}.band{fill-opacity:.7;stroke:#101412}}"
)
Row = tuple[str, str, str, int]
"""Source, wallet, end, minor units."""


class Box(NamedTuple):
    """One of a column: where it is, how tall, and what it is called."""

    top: float
    tall: float
    name: str
    minor: int


class Facts(NamedTuple):
    """Everything a picture shows."""

    title: str
    others: str
    currency: str
    language: str
    rows: tuple[Row, ...]

    @property
    def digest(self) -> str:
        return sha256(repr(self).encode()).hexdigest()[:16]


def draw(facts: Facts) -> bytes:
    """The picture."""
    rows = _merged(facts)
    columns = [_sums(rows, side) for side in range(3)]
    total = max(sum(column.values()) for column in columns)
    scale = TALL / total
    tallest = max(len(column) for column in columns)
    height = round(TALL + tallest * SPACE + 2 * GAP)
    boxes = [_boxes(column, scale, height) for column in columns]
    hues = {name: COLOURS[n % len(COLOURS)] for n, name in enumerate(columns[0])}
    parts = [*_bands(rows, boxes, hues, scale, facts)]
    parts += [piece for side, column in enumerate(boxes) for box in column.values() for piece in _box(box, side, facts)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">'
    return "".join([head, f"<title>{escape(facts.title)}</title><style>{STYLE}</style>", *parts, "</svg>"]).encode()


def _merged(facts: Facts) -> list[Row]:
    # The smallest of a column become one box.
    kept = [_kept(_sums(facts.rows, side), most) for side, most in ((0, MOST), (1, MOST_WALLETS), (2, MOST))]
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for *names, minor in facts.rows:
        came, wallet, went = (name if name in column else facts.others for name, column in zip(names, kept, strict=True))
        found[str(came), str(wallet), str(went)] += minor
    return [(*names, minor) for names, minor in found.items()]


def _kept(sums: dict[str, int], most: int) -> set[str]:
    names = list(sums)
    return set(names if len(names) <= most + 1 else names[:most])


def _sums(rows: Sequence[Row], side: int) -> dict[str, int]:
    # By name what passes through a column, the largest first.
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[str(row[side])] += row[3]
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _boxes(sums: dict[str, int], scale: float, height: int) -> dict[str, Box]:
    space = (height - 2 * GAP - sum(sums.values()) * scale) / len(sums)
    found, top = {}, GAP + space / 2
    for name, minor in sums.items():
        found[name] = Box(top, minor * scale, name, minor)
        top += minor * scale + space
    return found


def _bands(rows: list[Row], boxes: list[dict[str, Box]], hues: dict[str, str], scale: float, facts: Facts) -> list[str]:
    # Each amount twice: from its source into the wallet, and out of it to its end, one under the other in the order of the boxes.
    ranks = [{name: n for n, name in enumerate(column)} for column in boxes]
    ordered = sorted(rows, key=lambda row: (ranks[1][row[1]], ranks[0][row[0]], ranks[2][row[2]]))
    heads, tails = (
        sorted(ordered, key=lambda row: tuple(ranks[side][str(row[side])] for side in order)) for order in ((0, 1, 2), (2, 0, 1))
    )
    starts, ends = _tops(heads, boxes[0], 0, scale), _tops(tails, boxes[2], 2, scale)
    through = _tops(sorted(ordered, key=lambda row: (ranks[1][row[1]], ranks[0][row[0]], ranks[2][row[2]])), boxes[1], 1, scale)
    out = _tops(sorted(ordered, key=lambda row: (ranks[1][row[1]], ranks[2][row[2]], ranks[0][row[0]])), boxes[1], 1, scale)
    found = []
    for row in ordered:
        tall, hue, said = max(row[3] * scale, 0.5), hues[row[0]], escape(f"{row[0]} → {row[1]} → {row[2]}: {_amount(row[3], facts)}")
        for (x0, y0), (x1, y1) in (((LEFT + BOX, starts[row]), (MIDDLE, through[row])), ((MIDDLE + BOX, out[row]), (RIGHT, ends[row]))):
            found.append(f'<path class="band" fill="#{hue}" d="{_curve(x0, y0, x1, y1, tall)}"><title>{said}</title></path>')
    return found


def _tops(rows: list[Row], column: dict[str, Box], side: int, scale: float) -> dict[Row, float]:
    used: dict[str, float] = {name: box.top for name, box in column.items()}
    found = {}
    for row in rows:
        name = str(row[side])
        found[row] = used[name]
        used[name] += row[3] * scale
    return found


def _curve(x0: float, y0: float, x1: float, y1: float, tall: float) -> str:
    half = (x0 + x1) / 2
    low0, low1 = y0 + tall, y1 + tall
    return f"M{x0:g} {y0:.1f}C{half:g} {y0:.1f} {half:g} {y1:.1f} {x1:g} {y1:.1f}V{low1:.1f}C{half:g} {low1:.1f} {half:g} {low0:.1f} {x0:g} {low0:.1f}Z"


def _box(box: Box, side: int, facts: Facts) -> list[str]:
    x = (LEFT, MIDDLE, RIGHT)[side]
    at, anchor = ((x - 6, "end"), (x + BOX / 2, "middle"), (x + BOX + 6, "start"))[side]
    middle = box.top - 14 if side == 1 else box.top + box.tall / 2
    said, amount = escape(_short(box.name)), escape(_amount(box.minor, facts))
    return [
        f'<rect class="box" x="{x}" y="{box.top:.1f}" width="{BOX}" height="{max(box.tall, 1):.1f}"><title>{escape(box.name)}: {amount}</title></rect>',
        f'<text x="{at:g}" y="{middle - 2:.1f}" text-anchor="{anchor}">{said}</text>',
        f'<text x="{at:g}" y="{middle + 11:.1f}" text-anchor="{anchor}" font-weight="600">{amount}</text>',
    ]


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _amount(minor: int, facts: Facts) -> str:
    return formats.money(Money(minor, facts.currency), facts.language)
