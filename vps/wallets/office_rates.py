"""The office keeps the exchange rates: those that count today, the history of a pair, one by hand, many from a file."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.company.actions import compared, import_rates, set_rate
from vps.company.models import KnownRate, company, crossed, history_of, rates_in_force
from vps.company.rates_file import RatesFile, read_rates
from vps.hypermedia.languages import reader, say, sentence
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock, day_in
from vps.kernel.csvfile import Mistake, WrongLines
from vps.kernel.database import rows
from vps.kernel.money import is_currency
from vps.kernel.rates import plain_rate
from vps.kernel.refusals import N_
from vps.people.guards import for_staff
from vps.people.session import my_actor
from vps.wallets.rates_forms import RateForm, RatesFileForm, ShownRatesForm

blueprint = for_staff(Blueprint("rates_office", __name__, url_prefix="/office/rates"), sensitive=("create", "create_import"))
PAGE = 50
MOST_SHOWN = 25
"""Rates of a file, and mistakes in it, that are shown one by one."""
MOST = 12 * 2**20
"""Bytes of an upload; the reader itself refuses files over ten megabytes with a sentence."""
SOURCES = {"hand": N_("by hand"), "csv": N_("from a CSV file"), "ecb": N_("European Central Bank")}


@blueprint.get("")
def index() -> Response:
    return _index(_empty())


@blueprint.post("")
def create() -> Response:
    form = RateForm()
    if not form.done(lambda: _set(form)):
        return _index(form, status=form.status)
    return changed(url_for(".index"))


@blueprint.get("/<base>/<quote>")
def history(base: str, quote: str) -> Response:
    found((is_currency(base) and is_currency(quote)) or None)
    before = key_from(request.args.get("before"))
    rates = history_of(base, quote, before=before[0] if before else None, limit=PAGE + 1)
    return page("wallets/rates_history.html", pair=(base, quote), rates=rates, limit=PAGE, names=_names(rates), **_words())


@blueprint.post("/file")
def create_file() -> Response:
    """The file is read and shown; nothing is written."""
    form, mistakes = RatesFileForm(), list[Mistake]()
    shown = form.attempt(lambda: _preview(_read(form, mistakes)))
    return shown or _index(_empty(), file_form=form, mistakes=mistakes, status=form.status)


@blueprint.post("/import")
def create_import() -> Response:
    form = ShownRatesForm()
    file = form.attempt(form.carried)
    if file is None:
        return _index(_empty(), said=form.refusal, status=form.status)
    done = import_rates(file.rates, source=file.source, actor=my_actor(), at=clock())
    return changed(url_for(".index", new=len(done.new)))


def _set(form: RateForm) -> None:
    rate = form.typed(reader().language)
    set_rate(*rate[:3], valid_from=rate.valid_from, valid_to=rate.valid_to, actor=my_actor(), at=clock())


def _read(form: RatesFileForm, mistakes: list[Mistake]) -> RatesFile:
    try:
        return read_rates(form.file.data.read())
    except WrongLines as refusal:
        mistakes += refusal.mistakes
        raise


def _preview(file: RatesFile) -> Response:
    done = compared(file.rates, source=file.source)
    form = ShownRatesForm.carrying(file, done.new)
    return page("wallets/rates_preview.html", form=form, file=file, done=done, limit=MOST_SHOWN, **_words())


def _index(
    form: RateForm,
    *,
    file_form: RatesFileForm | None = None,
    mistakes: list[Mistake] | None = None,
    said: str | None = None,
    status: int = 200,
) -> Response:
    rates, own = rates_in_force(_today()), company().currency
    known = [rate[:4] for rate in rates]
    facts: dict[str, Any] = {
        "rates": rates,
        "lacking": [code for code in company().kept_in if code != own and crossed(own, code, ("EUR",), known) is None],
        "file_form": file_form or RatesFileForm(formdata=None),
        "mistakes": [(each.line, each.column, sentence(each.refusal)) for each in (mistakes or [])[:MOST_SHOWN]],
        "further": max(0, len(mistakes or []) - MOST_SHOWN),
        "said": said,
        "new": (key_from(request.args.get("new")) or (None,))[0],
    }
    return page("wallets/rates.html", form=form, status=status, **facts, **_words())


def _empty() -> RateForm:
    return RateForm(formdata=None, base=company().currency, valid_from=_today())


def _today() -> date:
    return day_in(clock(), company().zone)


def _words() -> dict[str, Any]:
    """How rates and their sources are said to the reader."""
    language = reader().language
    return {"written": lambda rate: plain_rate(rate, language), "source": lambda code: say(SOURCES[code])}


def _names(rates: list[KnownRate]) -> dict[int, str]:
    """Who set these rates, in one question."""
    ids = {rate.set_by for rate in rates if rate.set_by}
    marks = ", ".join("?" * len(ids))
    return dict(rows(f"SELECT id, name FROM person WHERE id IN ({marks})", *ids)) if ids else {}  # noqa: S608 - marks only
