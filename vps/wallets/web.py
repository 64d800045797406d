"""The partner's wallet: what he has, what happened, twelve months, and a question to the office from any line."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from vps.company.models import company
from vps.hypermedia.languages import reader
from vps.hypermedia.pages import changed, found, page
from vps.kernel.amounts import written
from vps.kernel.clock import clock, day_in
from vps.kernel.money import Money
from vps.ledger.models import ALL
from vps.ledger.models import statement as bookings
from vps.people.guards import for_partners, my_rights
from vps.people.models import Person
from vps.people.session import me, my_actor, somebody
from vps.security.models import frozen_since
from vps.wallets import charts
from vps.wallets.actions import ask_office, tell_from
from vps.wallets.charts import chart_of
from vps.wallets.forms import NoticesForm, QuestionForm
from vps.wallets.models import Purse, Wallet, counterparties, free_next, purses, questions_about, wallets_of
from vps.wallets.models import asked_of as requests_to
from vps.wallets.models.owed import owes
from vps.wallets.own_wallets import total_of
from vps.wallets.statements import as_file, asked_of, lines_of
from vps.wallets.transfer_words import asks
from vps.wallets.words import motive, paper, papers, text_of, told

blueprint = for_partners(Blueprint("wallets", __name__, url_prefix="/wallet"))
own = for_partners(Blueprint("notices", __name__, url_prefix="/me"))
pictures = Blueprint("charts", __name__)
for _filter in (motive, paper, papers, text_of, told, asks):
    pictures.add_app_template_filter(_filter)
PAGE = 25


@blueprint.get("")
def show() -> Response:
    wallet, mine = my_wallet(), purses(me().id)
    newest = bookings([(each.account, ALL) for each in mine], limit=PAGE + 1)
    return page(
        "wallets/show.html",
        wallet=wallet,
        mine=mine,
        lines=newest[:PAGE],
        older=url_for(".statement", before="{}.{}".format(*newest[PAGE - 1].place)) if len(newest) > PAGE else "",
        chart=chart_of(wallet, request.args.get("chart")),
        frozen=frozen_since(me().id),
        owes=owes(me().id),
        asked=requests_to(me().id, clock()),
        **_all_together(mine),
    )


@blueprint.get("/statement")
def statement() -> Response:
    asked = asked_of(me().id)
    facts = lines_of(asked, PAGE)
    older = url_for(".statement", before=facts["onward"], **asked["form"].asked) if facts["onward"] else ""
    return page("wallets/statement.html", "wallets/_lines.html", older=older, **asked, **facts)


@blueprint.get("/statement.csv")
def statement_file() -> Response:
    """What the page shows, all of it; where something typed cannot be read, the page that says so."""
    asked = asked_of(me().id)
    return as_file(asked, "statement") if asked["sought"] else statement()


@blueprint.get("/statement/<int:booking>")
def show_line(booking: int) -> Response:
    return page("wallets/line.html", form=QuestionForm(), **_line(booking))


@blueprint.post("/statement/<int:booking>")
def create_question(booking: int) -> Response:
    form, facts = QuestionForm(), _line(booking)
    if form.attempt(lambda: ask_office(me().id, booking, form.text.data, at=clock())) is None:
        return page("wallets/line.html", form=form, status=form.status, **facts)
    return changed(url_for(".show_line", booking=booking))


@own.get("/notices")
def notices() -> Response:
    told_from = _told_from(me())
    form = NoticesForm(amount=written(told_from, reader().language) if told_from else "")
    return page("wallets/notices.html", form=form, told_from=told_from)


@own.post("/notices")
def create_notices() -> Response:
    form, settings = NoticesForm(), {"language": reader().language, "currency": company().currency}
    if not form.done(lambda: tell_from(me().id, form.threshold(**settings), actor=my_actor(), at=clock())):
        return page("wallets/notices.html", form=form, told_from=_told_from(me()), status=form.status)
    return changed(url_for(".notices"))


@pictures.get("/charts/<digest>.svg")
def chart(digest: str) -> Response:
    """A chart by the digest of its facts: only who may see the facts can name the picture."""
    person = somebody()
    if person is not None and request.args.get("of"):
        person = Person.by_number(request.args["of"]) if "read" in my_rights() else None
    wallet = Wallet.of(person.id, company().currency) if person else None
    shown = chart_of(wallet, None) if wallet else None
    kinds = [shown._replace(kind=kind) for kind in charts.KINDS] if shown else []
    facts = next((facts for facts in kinds if facts.digest == digest), None)
    if facts is None:
        abort(404)
    answer = Response(charts.draw(facts), content_type="image/svg+xml; charset=utf-8")
    answer.headers["Content-Security-Policy"] = charts.CSP
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


def my_wallet() -> Wallet:
    """The signed-in partner's wallet in the company's currency."""
    wallet: Wallet = found(Wallet.of(me().id, company().currency))
    return wallet


def _all_together(mine: list[Purse]) -> dict[str, Any]:
    """What is said of all wallets of the reader: their total, where there are several, and what becomes free next, and when."""
    several = len(mine) > 1
    coming = free_next(me().id, clock()) if any(each.reserved for each in mine) else None
    return {
        "wallets": wallets_of(me().id) if several else (),
        "total": total_of(mine, me().id) if several else None,
        "coming": coming,
        "free_on": coming and coming.until and day_in(coming.until, company().zone),
    }


def _told_from(person: Person) -> Money | None:
    """From which amount on this partner is told of bookings."""
    return Money(person.notify_from, company().currency) if person.notify_from else None


def _line(booking: int) -> dict[str, Any]:
    """A line of one's own; of a booking between two of one's wallets, the one of the wallet that is asked for."""
    mine = wallets_of(me().id)
    mine.sort(key=lambda each: str(each.id) != request.args.get("wallet"))
    own = bookings([(each.account, ALL) for each in mine], before=(booking + 1, 0), limit=2)
    shown = next((each for wallet in mine for each in own if (each.id, each.account) == (booking, wallet.account)), None)
    wallet = next(each for each in mine if each.account == shown.account) if shown and len(mine) > 1 else None
    move = counterparties([found(shown)]).get(booking)
    return {"line": shown, "move": move, "wallet": wallet, "questions": questions_about(me().id, booking)}
