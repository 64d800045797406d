"""The office books top-ups and payments out by hand, sets wrong ones right, and answers questions."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, request, send_file, url_for

from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.authorisation import ByStaff
from vps.kernel.clock import clock, day_in
from vps.kernel.money import Money
from vps.ledger.models import line
from vps.people.guards import for_staff, looked_at, must_have_stepped_up
from vps.people.models import Person
from vps.people.session import my_actor
from vps.wallets.actions import (
    HAND,
    WalletClosed,
    answer_question,
    must_be_possible,
    pay_out,
    reverse_by_hand,
    statement_exported,
    top_up,
)
from vps.wallets.charts import chart_of
from vps.wallets.forms import AnswerForm, ReversalForm, SlipForm
from vps.wallets.models import MAIN, Question, Wallet, open_questions, transfer_by_key, wallets_of
from vps.wallets.statements import CSV, asked_of, lines_of, spooled

blueprint = for_staff(Blueprint("wallets_office", __name__, url_prefix="/office"), sensitive=("create_reversal",))
PAGE = 50
BOOKINGS: dict[str, Callable[..., Any]] = {"top-up": top_up, "pay-out": pay_out}


@blueprint.get("/partners/<number>/wallet")
def statement(number: str) -> Response:
    person = partner(number)
    wallet, asked = wallet_of(person), asked_of(person.id)
    facts: dict[str, Any] = {**asked, **lines_of(asked, PAGE), "other": other(wallet)}
    facts["chart"] = None if other(wallet) else chart_of(wallet, request.args.get("chart"))
    older = url_for(".statement", number=number, before=facts["onward"], **asked["form"].asked) if facts["onward"] else ""
    shown = page("wallets/office_statement.html", person=person, wallet=wallet, older=older, **facts)
    return looked_at(shown, person.id, "wallet")


@blueprint.get("/partners/<number>/wallet/statement.csv")
def statement_file(number: str) -> Response:
    """What the page shows, all of it, written down with its number of lines; where something typed cannot be read, the page that says so."""
    person = partner(number)
    asked = asked_of(person.id)
    if not asked["sought"]:
        return statement(number)
    file, count = spooled(asked)
    statement_exported(person.id, count, actor=my_actor(), at=clock())
    return looked_at(send_file(file, CSV, as_attachment=True, download_name=f"{person.number}.csv"), person.id, "wallet")


@blueprint.get("/partners/<number>/wallet/<any('top-up', 'pay-out'):kind>")
def new_booking(number: str, kind: str) -> Response:
    person = partner(number)
    form = SlipForm(day=day_in(clock(), company().zone), payer=person.bank_name)
    wallet = wallet_of(person)
    shown = page("wallets/by_hand.html", person=person, wallet=wallet, kind=kind, form=form, other=other(wallet))
    return looked_at(shown, person.id, "wallet")


@blueprint.post("/partners/<number>/wallet/<any('top-up', 'pay-out'):kind>")
def create_booking(number: str, kind: str) -> Response:
    """First the preview: the amount once more, and the wallet before and after. Then, with `confirmed`, the booking."""
    form, person = SlipForm(), partner(number)
    wallet = wallet_of(person)
    facts: dict[str, Any] = {"person": person, "wallet": wallet, "kind": kind, "form": form, "other": other(wallet)}
    confirmed = bool(request.form.get("confirmed"))
    if confirmed:
        must_have_stepped_up()
    understood = form.attempt(lambda: _booked(form, wallet, kind) if confirmed else _possible(form, wallet, kind))
    if understood is None:
        return page("wallets/by_hand.html", status=form.status, **facts)
    if not confirmed:
        return page("wallets/by_hand_preview.html", amount=understood[0], slip=understood[1], **facts)
    return changed(url_for(".statement", number=number, wallet=other(wallet)))


@blueprint.get("/partners/<number>/wallet/bookings/<int:booking>")
def show_line(number: str, booking: int) -> Response:
    person = partner(number)
    facts = _line(person, booking)
    return looked_at(page("wallets/office_line.html", person=person, form=ReversalForm(), **facts), person.id, "wallet")


@blueprint.post("/partners/<number>/wallet/bookings/<int:booking>")
def create_reversal(number: str, booking: int) -> Response:
    form, person = ReversalForm(), partner(number)
    facts, staff, at = _line(person, booking), ByStaff(my_actor()), clock()
    done = form.attempt(
        lambda: reverse_by_hand(person.id, booking, reason=form.reason.data, as_debt=form.as_debt.data, authorisation=staff, at=at)
    )
    if done is None:
        return page("wallets/office_line.html", person=person, form=form, status=form.status, **facts)
    return changed(url_for(".statement", number=number, wallet=facts["other"]))


@blueprint.get("/questions")
def questions() -> Response:
    return page("wallets/questions.html", questions=open_questions(), form=Choice())


@blueprint.get("/questions/<int:key>")
def show_question(key: int) -> Response:
    facts = _question(key)
    return looked_at(page("wallets/question.html", form=AnswerForm(), **facts), facts["question"].person_id, "question")


@blueprint.post("/questions/<int:key>")
def create_answer(key: int) -> Response:
    form, facts = AnswerForm(), _question(key)
    if form.attempt(lambda: (answer_question(key, form.text.data, authorisation=ByStaff(my_actor()), at=clock()), True)) is None:
        return page("wallets/question.html", form=form, status=form.status, **facts)
    return changed(url_for(".questions"))


def partner(number: str) -> Person:
    person: Person = found(Person.by_number(number))
    return person


def wallet_of(person: Person) -> Wallet:
    """The partner's wallet that is asked for, or his main one in the company's currency."""
    asked = key_from(request.args.get("wallet"))
    wallet: Wallet = found(Wallet.with_id(person.id, asked[0]) if asked else Wallet.of(person.id, company().currency))
    return wallet


def other(wallet: Wallet) -> int | None:
    """Its id in an address, but for the one that is meant without."""
    return None if wallet.kind == MAIN and wallet.currency == company().currency and not wallet.closed_at else wallet.id


def _understood(form: SlipForm, wallet: Wallet) -> tuple[Money, Any]:
    if wallet.closed_at:
        raise WalletClosed
    typed = form.typed(language=g.reader.language, currency=wallet.currency)
    return typed.money, form.slip(day_in(clock(), company().zone))


def _possible(form: SlipForm, wallet: Wallet, kind: str) -> tuple[Money, Any]:
    amount, slip = _understood(form, wallet)
    must_be_possible(wallet, amount, slip, out=kind == "pay-out")
    return amount, slip


def _booked(form: SlipForm, wallet: Wallet, kind: str) -> tuple[Money, Any]:
    amount, slip = _understood(form, wallet)
    BOOKINGS[kind](wallet.person_id, amount, slip, kind=wallet.kind, authorisation=ByStaff(my_actor()), at=clock())
    return amount, slip


def _line(person: Person, booking: int) -> dict[str, Any]:
    lines = ((each, line(each.account, booking)) for each in wallets_of(person.id))
    its, shown = found(next(((each, shown) for each, shown in lines if shown), None))
    wallet = found(Wallet.with_id(person.id, its.id))
    by_hand = shown.voucher_kind == HAND and shown.reverses is None and shown.reversed_by is None
    left = wallet.account.balance - wallet.account.reserved - shown.amount.minor
    transfer = transfer_by_key(shown.voucher_ref) if shown.voucher_kind == "transfer" else None
    if shown.voucher_kind == "reversal" and shown.voucher_ref.startswith("transfer:"):
        transfer = int(shown.voucher_ref.partition(":")[2])
    facts = {"line": shown, "wallet": wallet, "by_hand": by_hand, "left": Money(left, wallet.currency)}
    return facts | {"transfer": transfer, "other": other(wallet)}


def _question(key: int) -> dict[str, Any]:
    question = found(Question.select(Question, Person).join(Person).where(Question.id == key).first())
    return {"question": question, "line": _line(question.person, question.booking)["line"]}
