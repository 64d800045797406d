"""The wallet page as one writes it first: models for every row, Babel for every value, the chart drawn for every visitor.

It is the house's own app, with the same session, the same checks and the same templates, so that its pages are equal to the last
byte; only what the house remembers or reads as plain rows is asked for anew each time. It is the other side of a comparison and
used for nothing else.
"""

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polib
from flask import Flask, Response, g, render_template, url_for
from flask_babel import Domain, format_currency, format_date, format_decimal
from flask_login import LoginManager
from markupsafe import Markup
from peewee import Case, fn

from vps.company.models import company
from vps.hypermedia.pages import page
from vps.kernel.clock import clock, day_in, months_back
from vps.kernel.money import Money
from vps.ledger.models import Account, Booking, Month, Voucher
from vps.people.models import Person
from vps.people.session import SignedIn, me
from vps.security.models import Freeze
from vps.wallets import charts
from vps.wallets.models import DebtPlan, PaymentRequest, Wallet
from vps.wallets.words import Told, motive, paper

PAGE = 25


class Facts(charts.Facts):
    """What the house's chart shows, its table written each time."""

    @property
    def table(self) -> Markup:
        return Markup(render_template("wallets/_months.html", chart=self))  # noqa: S704 - our own template, which escapes


def made_naive(app: Flask, scratch: Path, translations: Path) -> Flask:
    """Take the memos out of an app of the house: its wallet page and its charts."""
    domain = Domain(str(_compiled(translations, scratch)))
    gettext, ngettext, env = domain.gettext, domain.ngettext, app.jinja_env
    env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext, url_for=app.url_for)
    env.filters.update(
        motive=lambda line: motive(line, gettext),
        paper=lambda line: paper(line, gettext),
        told=lambda lines, statement, _: [_told(line, statement, gettext) for line in lines],
        spoken=_spoken,
        signed=_signed,
        day=_day,
        month=lambda value: format_date(value, "LLLL y"),
        amount=lambda minor, currency: _money(Money(minor, currency)),
    )
    login: LoginManager = app.login_manager  # type: ignore[attr-defined]
    login.user_loader(lambda key: SignedIn(Person.get_by_id(int(key))))
    app.view_functions["wallets.show"] = _show
    return app


def last_picture() -> str:
    """The chart that the page shown last would have carried along."""
    return _pictures[-1].decode()


_pictures: list[bytes] = []


def _show() -> Response:
    wallet = _wallet()
    facts = _facts(wallet)
    _pictures[:] = [charts.draw.__wrapped__(facts)]
    lines = _lines(wallet)
    last = lines[PAGE - 1]
    older = url_for("wallets.statement", before=f"{last.id}.{int(last.amount.is_positive)}") if len(lines) > PAGE else ""
    return page("wallets/show.html", wallet=wallet, lines=lines[:PAGE], older=older, chart=facts, **_around())


def _around() -> dict[str, Any]:
    """What the page says besides: a freeze, a debt, what others ask, and whether there is a second wallet."""
    person, now = me(), clock()
    waiting = (
        PaymentRequest.select(PaymentRequest, Person)
        .join(Person, on=PaymentRequest.asker == Person.id)
        .where(PaymentRequest.payer == person, PaymentRequest.expires_at > now, PaymentRequest.paid_at.is_null())
    )
    frozen = Freeze.select().where(Freeze.person == person, Freeze.lifted_at.is_null()).first()
    wallets = Wallet.select(Wallet, Account).join(Account).where(Wallet.person == person, Wallet.closed_at.is_null())
    assert len(wallets) == 1
    owes = DebtPlan.select().where(DebtPlan.person == person, DebtPlan.ended_at.is_null()).exists()
    return {"frozen": frozen and frozen.frozen_at, "owes": owes, "asked": list(waiting), "wallets": (), "total": None}


def _wallet() -> Any:
    person = me()
    return Wallet.select(Wallet, Account).join(Account).where(Wallet.person == person, Wallet.currency == company().currency).get()


def _lines(wallet: Any) -> list[SimpleNamespace]:
    account = wallet.account_id
    found = Booking.select(Booking, Voucher).join(Voucher).where((Booking.debit == account) | (Booking.credit == account))
    return [_line(booking, account) for booking in found.order_by(Booking.id.desc()).limit(PAGE + 1)]


def _line(booking: Any, account: int) -> SimpleNamespace:
    out = booking.debit_id == account
    return SimpleNamespace(
        id=booking.id,
        booked_at=booking.booked_at,
        motive=booking.motive,
        amount=Money(-booking.amount if out else booking.amount, booking.currency),
        after=Money(booking.debit_after if out else booking.credit_after, booking.currency),
        voucher_kind=booking.voucher.kind,
        voucher_ref=booking.voucher.ref,
        voucher_text=booking.voucher.text,
        reverses=booking.reverses,
    )


def _told(line: Any, statement: str, gettext: Any) -> Told:
    title = " · ".join(filter(None, (motive(line, gettext), paper(line, gettext))))
    small = " · ".join(filter(None, (_day(line.booked_at), line.voucher_text)))
    return Told(f"{statement}/{line.id}", title, _signed(line.amount), line.amount.is_positive, small, _money(line.after))


def _facts(wallet: Any) -> Facts:
    account = wallet.account_id
    month = fn.strftime("%Y-%m", Booking.booked_at / 1_000_000, "unixepoch").alias("month")
    side = Case(None, [(Booking.debit == account, "out")], "in").alias("side")
    sums = Booking.select(month, side, fn.count(Booking.id).alias("number"), fn.sum(Booking.amount).alias("minor"))
    sums = sums.where((Booking.debit == account) | (Booking.credit == account)).group_by(month, side)
    read: list[Any] = list(sums)
    found = {(row.month, row.side): (row.number, row.minor) for row in read}
    days = months_back(day_in(clock(), company().zone), 12)
    months = (Month(day, *found.get((f"{day:%Y-%m}", "in"), (0, 0)), *found.get((f"{day:%Y-%m}", "out"), (0, 0))) for day in days)
    return Facts("value", g.reader.language, wallet.currency, tuple(months))


def _spoken(value: Any) -> Any:
    if isinstance(value, Money):
        return _money(value)
    return format_decimal(value) if isinstance(value, int) else value


def _money(value: Money) -> str:
    return str(format_currency(value.decimal, value.currency))


def _signed(value: Money) -> str:
    sign = "+" if value.minor > 0 else "\N{MINUS SIGN}" if value.minor < 0 else ""
    return sign + _money(Money(abs(value.minor), value.currency))


def _day(value: date | datetime) -> str:
    # Flask-Babel moves an instant to the reader's zone itself.
    return str(format_date(value))


def _compiled(translations: Path, scratch: Path) -> Path:
    # Babel reads compiled catalogs.
    for path in translations.glob("*/LC_MESSAGES/messages.po"):
        made = scratch / "translations" / path.parent.parent.name / "LC_MESSAGES"
        made.mkdir(parents=True)
        polib.pofile(str(path)).save_as_mofile(str(made / "messages.mo"))
    return scratch / "translations"
