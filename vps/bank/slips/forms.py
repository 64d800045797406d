"""Which form an account's slips have: the country is read off the account number."""

from collections.abc import Callable
from typing import NamedTuple

from vps.bank.slips import epc, gost, hub3, ips
from vps.bank.slips.facts import Line, Slip


class Form(NamedTuple):
    title: str
    """What the country calls it; the same in every language."""
    language: str
    """In which language its banks read; empty where any will do."""
    currency: str
    payload: Callable[[Slip], bytes]
    lines: Callable[[Slip], tuple[Line, ...]]
    draw: Callable[[Slip], str]


EPC = Form("EPC-QR, GiroCode", "", epc.CURRENCY, epc.payload, epc.lines, epc.draw)
HUB3 = Form("HUB-3A", "hr", hub3.CURRENCY, hub3.payload, hub3.lines, hub3.draw)
IPS = Form("NBS IPS QR", "sr", ips.CURRENCY, ips.payload, ips.lines, ips.draw)
GOST = Form("ГОСТ Р 56042-2014", "ru", gost.CURRENCY, gost.payload, gost.lines, gost.draw)


def form_of(account: str, currency: str) -> Form | None:
    """The form for paying `currency` into this account; None where no country's form is for it."""
    letters = account.strip()[:2].upper()
    if not letters.isalpha():
        form = {"RSD": IPS, "RUB": GOST}.get(currency)
    else:
        form = {"HR": HUB3, "RS": IPS if currency == "RSD" else EPC}.get(letters, EPC)
    return form if form and form.currency == currency else None
