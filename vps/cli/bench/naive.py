"""The wallet page as one writes it first: models for every row, Babel for every value, the chart drawn for every visitor.

It fills the very templates of the house, so that its pages are equal to the last byte. This is the other side of a comparison
and used for nothing else.
"""

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polib
from flask import Flask, Response, g, render_template, request
from flask_babel import Babel, format_currency, format_date, format_decimal, gettext, ngettext
from peewee import Case, fn

from vps.company.models import Company, Setting
from vps.hypermedia.assets import asset, asset_url, blueprint
from vps.hypermedia.languages import LANGUAGES, tag
from vps.kernel.clock import clock, day_in, months_back
from vps.kernel.money import Money
from vps.ledger.models import Booking, Month, Voucher
from vps.people.actions.sign_in import token_hash
from vps.people.models import Session
from vps.wallets import charts
from vps.wallets.models import Wallet

PAGE = 25


def naive_app(house: Flask, scratch: Path, translations: Path) -> Flask:
    """An app with one page and one picture, under the addresses of the house."""
    app = Flask("naive", static_folder=None, template_folder=house.template_folder)
    app.config.update(BABEL_TRANSLATION_DIRECTORIES=str(_compiled(translations, scratch)))
    Babel(app, locale_selector=lambda: g.person.language, timezone_selector=lambda: g.person.zone)
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        _=gettext,
        gettext=gettext,
        ngettext=ngettext,
        LANGUAGES=LANGUAGES,
        tag=tag,
        asset=asset_url,
        integrity=lambda name: asset(name).integrity,
    )
    env.filters.update(
        spoken=_spoken,
        signed=_signed,
        day=_day,
        month=lambda value: format_date(value, "LLLL y"),
        amount=lambda minor, currency: _money(Money(minor, currency)),
    )
    app.register_blueprint(blueprint)
    for rule in house.url_map.iter_rules():  # for the addresses in links
        if rule.endpoint not in ("wallets.show", "charts.chart", "static.file"):
            app.add_url_rule(rule.rule, rule.endpoint, lambda **_: "")
    app.before_request(_arrive)
    app.add_url_rule("/wallet", "wallets.show", _show)
    app.add_url_rule("/charts/<digest>.svg", "charts.chart", _chart)
    return app


def _arrive() -> None:
    session = Session.get(Session.token == token_hash(request.cookies["vps"]), Session.ended_at.is_null())
    g.person = session.person
    newest = {row.key: row.value for row in Setting.select().order_by(Setting.id)}
    values: dict[str, Any] = {key: int(value) if isinstance(getattr(Company, key, ""), int) else value for key, value in newest.items()}
    g.company = Company(**values)


def _show() -> str:
    wallet = Wallet.of(g.person.id, g.company.currency)
    facts = {"wallet": wallet, "lines": _lines(wallet), "limit": PAGE, "chart": _facts(wallet)}
    reader = SimpleNamespace(language=g.person.language, zone=g.person.zone)
    return render_template(
        "wallets/show.html",
        **facts,
        me=g.person,
        company=g.company,
        rights=g.person.rights(),
        reader=reader,
        in_office=False,
        notice=False,
        piece=False,
    )


def _chart(digest: str) -> Response:
    return Response(charts.draw.__wrapped__(_facts(Wallet.of(g.person.id, g.company.currency))), content_type="image/svg+xml")


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


def _facts(wallet: Any) -> charts.Facts:
    account = wallet.account_id
    month = fn.strftime("%Y-%m", Booking.booked_at / 1_000_000, "unixepoch").alias("month")
    side = Case(None, [(Booking.debit == account, "out")], "in").alias("side")
    sums: Any = Booking.select(month, side, fn.count(Booking.id).alias("number"), fn.sum(Booking.amount).alias("minor"))
    sums = sums.where((Booking.debit == account) | (Booking.credit == account)).group_by(month, side)
    found = {(row[0], row[1]): (row[2], row[3]) for row in sums.tuples()}
    days = months_back(day_in(clock(), g.company.zone), 12)
    months = (Month(day, *found.get((f"{day:%Y-%m}", "in"), (0, 0)), *found.get((f"{day:%Y-%m}", "out"), (0, 0))) for day in days)
    return charts.Facts("value", g.person.language, wallet.currency, tuple(months))


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
    # As `format_date` of Flask-Babel does it: an instant is moved to the reader's zone first.
    return str(format_date(value))


def _compiled(translations: Path, scratch: Path) -> Path:
    # Babel reads compiled catalogs.
    for path in translations.glob("*/LC_MESSAGES/messages.po"):
        made = scratch / "translations" / path.parent.parent.name / "LC_MESSAGES"
        made.mkdir(parents=True)
        polib.pofile(str(path)).save_as_mofile(str(made / "messages.mo"))
    return scratch / "translations"
