"""Twelve months as a picture: pygal's SVG without script, served as an image with a policy of its own and its own dark mode."""

import re
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from flask import render_template
from markupsafe import Markup

from vps.company.models import company
from vps.hypermedia import formats
from vps.hypermedia.languages import reader, say
from vps.kernel.clock import clock, day_in, months_back
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.ledger.models import Month, months
from vps.wallets.models import Wallet

CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox"
KINDS = ("value", "count")
STYLE = (
    "svg{--i:#1d2420;--s:#5b655f;--l:#dcdad1}@media(prefers-color-scheme:dark){svg{--i:#e9ebe6;--s:#a3ada6;--l:#313a34}}"
    "rect{fill:none}text{fill:var(--s);font:12px system-ui,sans-serif}.color-0 rect{fill:var(--i)}.color-1 rect{stroke:var(--s)}"
    "path{stroke:var(--l);fill:none}.y text{text-anchor:end}.x text{text-anchor:middle}"
)


class Facts(NamedTuple):
    """Everything a chart shows; equal facts are the same picture."""

    kind: str
    language: str
    currency: str
    months: tuple[Month, ...]

    @property
    def digest(self) -> str:
        return _digest(self)

    @property
    def table(self) -> Markup:
        """The same months as rows of a table, for who cannot see the picture."""
        return written(self)


@lru_cache(maxsize=500)
def _digest(facts: Facts) -> str:
    return sha256(repr(facts).encode()).hexdigest()[:16]


@lru_cache(maxsize=500)
def written(facts: Facts) -> Markup:
    """The rows of the table: equal facts are written once, as they are drawn once."""
    return Markup(render_template("wallets/_months.html", chart=facts))  # noqa: S704 - our own template, which escapes


def chart_of(wallet: Wallet, kind: str | None) -> Facts:
    """The facts of a wallet's twelve months, ending with this one."""
    zone = company().zone
    days = months_back(day_in(clock(), zone), 12)
    shown = kind if kind in KINDS else KINDS[0]
    return Facts(str(shown), reader().language, wallet.currency, tuple(months(wallet.account_id, days, zone=zone)))


@lru_cache(maxsize=500)
def draw(facts: Facts) -> bytes:
    """The chart's SVG: what came in filled, what went out as an outline, month by month."""
    import pygal.style  # a tenth of a second and ten megabytes, for who looks at a chart only

    style = pygal.style.Style(label_font_size=12, major_label_font_size=12)
    chart = pygal.Bar(**OPTIONS, style=style, value_formatter=lambda value: _value(facts, value), y_labels=_steps(facts))
    chart.x_labels = [formats.month(month.month, facts.language, "short") for month in facts.months]
    incoming, outgoing = _series(facts)
    chart.add(say(N_("In")), incoming)
    chart.add(say(N_("Out")), outgoing)
    chart.add_xml_filter(_bare)
    svg: str = chart.render(is_unicode=True)
    return re.sub(r"(\d+\.\d)\d+", r"\1", svg).encode()


OPTIONS: dict[str, Any] = {
    "width": 360,  # about as wide as a phone shows it, so that its figures can be read there
    "height": 170,
    "x_labels_major_every": 3,
    "show_minor_x_labels": False,
    "truncate_label": -1,
    "js": [],
    "css": [],
    "no_prefix": True,
    "disable_xml_declaration": True,
    "show_legend": False,
    "margin": 4,
    "spacing": 4,
    "rounded_bars": 2,
    "print_values": False,
    "pretty_print": False,
}


def _series(facts: Facts) -> tuple[list[float], list[float]]:
    if facts.kind == "count":
        return [month.count_in for month in facts.months], [month.count_out for month in facts.months]
    return [month.minor_in for month in facts.months], [month.minor_out for month in facts.months]


def _steps(facts: Facts) -> list[int]:
    # Nought and one round figure over the highest bar: a small picture needs no more.
    highest = max(*(value for series in _series(facts) for value in series), 1)
    scale = 10 ** (len(str(int(highest))) - 1)
    top = next(step * scale // 2 for step in range(2, 22) if step * scale // 2 >= highest)
    return [0, int(top)]


def _value(facts: Facts, value: float) -> str:
    if facts.kind == "count":
        return formats.number(int(value), facts.language)
    return formats.money(Money(int(value), facts.currency), facts.language)


def _bare(root: Any) -> Any:
    # pygal's filter hook: no script, no foreign style, no hover layers; each bar says its value itself.
    parents = {child: parent for parent in root.iter() for child in parent}
    upright = {line for axis in root.iter() if (axis.get("class") or "").startswith("axis x") for line in axis.iter()}
    for node in list(root.iter()):
        kind, css = str(node.tag).rpartition("}")[2], node.get("class") or ""
        if node in parents and (_is_ballast(kind, css) or (kind == "path" and node in upright)):
            parents[node].remove(node)
        elif kind == "desc":
            node.tag = node.tag.replace("desc", "title")
            del node.attrib["class"]
        for name in ("style", "id", *(("class",) if kind in ("rect", "text", "path") else ())):
            node.attrib.pop(name, None)
    style = root.makeelement(str(root.tag).replace("svg", "style"), {})
    style.text = STYLE
    root.insert(0, style)
    root.set("role", "img")
    return root


def _is_ballast(kind: str, css: str) -> bool:
    if kind == "desc":
        return css != "value"
    foreign = kind in ("script", "style", "title") or "Comment" in kind
    return foreign or "overlay" in css or css in ("tooltip", "titles")
