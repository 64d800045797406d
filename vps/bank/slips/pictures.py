"""Codes as small pictures: one path each, black on white with the quiet zone that scanners need.

What draws is imported when a slip is drawn, and not before: most processes never draw one.
"""

import re

from vps.hypermedia.pictures import qr

__all__ = ["pdf417", "qr"]

_COLUMNS, _LEVEL = 9, 4
"""Of the Croatian banks' code: data columns, and how much of it may be damaged."""
_TALL = 3
"""A row of PDF417 is three modules high."""
_QUIET = 2


def pdf417(content: bytes) -> str:
    """A PDF417 code. Its rows are lines as thick as they are high, so that each bar costs six characters."""
    from pdf417gen import encode

    rows = ["".join(f"{word:b}" for word in row) for row in encode(content, columns=_COLUMNS, security_level=_LEVEL)]
    wide, high = len(rows[0]) + 2 * _QUIET, _TALL * len(rows) + 2 * _QUIET
    bars = "".join(f"M{_QUIET} {_QUIET + _TALL * n + _TALL / 2}{_line(row)}" for n, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="432" viewBox="0 0 {wide} {high}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{wide}v{high}H0z"/><path stroke="#000" stroke-width="{_TALL}" d="{bars}"/></svg>'
    )


def _line(row: str) -> str:
    return "".join(f"h{len(bar)}" if bar[0] == "1" else f"m{len(bar)} 0" for bar in re.findall("1+|0+", row))
