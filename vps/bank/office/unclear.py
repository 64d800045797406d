"""What is to be clarified: lines that nobody knew, what each might be, and what somebody in the office says it is."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from vps.bank.actions import Claimed, clarify, send_back, sought, suggestions, take_claim_back
from vps.bank.forms import BackForm, ClaimForm, EndForm
from vps.bank.models import Open, claims_of, line_of_claim, open_line, unclear_count, unclear_lines, unclear_sums
from vps.bank.words import claimed, why
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
from vps.people.guards import for_staff
from vps.people.session import my_actor

blueprint = for_staff(
    Blueprint("bank_unclear", __name__, url_prefix="/office/bank"), sensitive=("create_claim", "end_claim", "create_return")
)
PAGE = 20


@blueprint.get("/unclear")
def index() -> Response:
    lines = unclear_lines(after=_after(), limit=PAGE + 1)
    shown = lines[:PAGE]
    onward = f"{shown[-1].day:%Y%m%d}.{shown[-1].id}" if len(lines) > PAGE else ""
    facts: dict[str, Any] = {"form": ClaimForm(formdata=None), "done": key_from(request.args.get("done")), "onward": onward}
    offers = zip(shown, suggestions(shown), strict=True)
    return page("bank/unclear.html", lines=list(offers), sums=unclear_sums(), count=unclear_count(), claimed=claimed, why=why, **facts)


@blueprint.get("/lines/<int:key>")
def show(key: int) -> Response:
    line = found(open_line(key))
    return _line(line, ClaimForm(formdata=None, asked=request.args.get("q", "")[:80]), EndForm())


@blueprint.post("/lines/<int:key>/claims")
def create_claim(key: int) -> Response:
    form, line = ClaimForm(), found(open_line(key))
    done = form.attempt(lambda: _clarify(form, line))
    if done is None:
        return _line(line, form, EndForm(formdata=None), form.status)
    clear = not found(open_line(key)).unclear.minor
    return changed(url_for(".index", done=key) if clear else url_for(".show", key=key))


@blueprint.post("/lines/<int:key>/return")
def create_return(key: int) -> Response:
    """Send it back to whom it came from: a pay-out that the next file takes."""
    form, line = BackForm(), found(open_line(key))
    if form.attempt(lambda: _send_back(form, line)) is None:
        return _line(line, ClaimForm(formdata=None), EndForm(formdata=None), form.status, back=form)
    return changed(url_for(".show", key=key))


@blueprint.post("/claims/<int:key>/end")
def end_claim(key: int) -> Response:
    form, line = EndForm(), found(open_line(found(line_of_claim(key))))
    facts: dict[str, Any] = {"actor": my_actor(), "at": clock()}
    if not form.done(lambda: take_claim_back(key, reason=form.reason.data, as_debt=form.as_debt.data, **facts)):
        return _line(line, ClaimForm(formdata=None), form, form.status, ending=key)
    return changed(url_for(".show", key=line.id))


def _clarify(form: ClaimForm, line: Open) -> Claimed:
    part, said = form.part(g.reader.language, line.amount.currency), {"asked": form.asked.data or "", "comment": form.comment.data or ""}
    return clarify(line.id, form.kind.data or "", form.target_id(), part, **said, shown=form.unclear(), actor=my_actor(), at=clock())


def _send_back(form: BackForm, line: Open) -> int:
    part = form.part(g.reader.language, line.amount.currency)
    typed = {"holder": form.holder.data or "", "account": form.account.data or "", "bic": form.bic.data or ""}
    return send_back(line.id, amount=part, **typed, shown=form.unclear(), actor=my_actor(), at=clock())


def _line(line: Open, form: ClaimForm, end: EndForm, status: int = 200, *, ending: int = 0, back: BackForm | None = None) -> Response:
    asked = form.asked.data or ""
    open_ = bool(line.unclear.minor)
    hits, offers = sought(line, asked) if open_ else [], suggestions([line])[0] if open_ else []
    facts: dict[str, Any] = {
        "line": line,
        "claims": claims_of(line.id),
        "offers": _once([*hits, *offers]),
        "asked": asked,
        "ending": ending,
    }
    facts["missed"] = bool(asked.strip()) and not hits
    facts |= {"back": back or BackForm(formdata=None, holder=line.party, account=line.party_account), "returning": back is not None}
    return page("bank/line.html", form=form, end=end, claimed=claimed, why=why, status=status, **facts)


def _once(offers: list[Any]) -> list[Any]:
    # What was suggested and then looked for is one offer.
    return list({(offer.kind, offer.target): offer for offer in offers}.values())


def _after() -> tuple[str, int] | None:
    after = key_from(request.args.get("after"))
    day = f"{after[0]:08d}" if after else ""
    return (f"{day[:4]}-{day[4:6]}-{day[6:]}", after[1]) if after else None
