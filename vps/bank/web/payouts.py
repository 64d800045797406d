"""A partner's pay-outs: asked for, seen, withdrawn; and his standing order."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from vps.bank.actions import (
    ask_payout,
    end_rule,
    fee_in,
    goes_out,
    least_in,
    must_be_pay_day,
    paying_account,
    plan,
    set_rule,
    withdraw_payout,
)
from vps.bank.actions.payout_rules import KIND as RULE
from vps.bank.actions.payout_rules import subject_of
from vps.bank.actions.payouts import KIND, AccountGone, Planned
from vps.bank.forms import PayoutForm, RuleForm
from vps.bank.models import Payee, Payout, bank_accounts, payee_numbered, payee_of, payees_of, standing_order
from vps.bank.paydays import next_pay_day
from vps.bank.words import happened, reason_of, state, weekday
from vps.company.models import company
from vps.hypermedia.forms import Choice
from vps.hypermedia.languages import reader
from vps.hypermedia.pages import changed, found, key_from, page
from vps.kernel.clock import clock
from vps.kernel.money import Money
from vps.people.guards import for_partners
from vps.people.session import me, my_actor
from vps.security.actions import Snapshot
from vps.security.dialog import Subject, answered, ask
from vps.security.forms import TanForm
from vps.security.models import PAY_OUT
from vps.wallets.models import purse, room_for

blueprint = for_partners(Blueprint("payouts", __name__, url_prefix="/wallet"))
PAGE = 25


@blueprint.get("/pay-outs")
def index() -> Response:
    before = key_from(request.args.get("before"))
    listed = Payout.listed(me().id, before=before[0] if before else None, limit=PAGE + 1)
    rule = standing_order(me().id, company().currency)
    return page("bank/payouts.html", payouts=listed, rule=rule, limit=PAGE, form=Choice(), state=state, weekday=weekday)


@blueprint.get("/pay-outs/<int:key>")
def show(key: int) -> Response:
    return page("bank/payout.html", payout=mine(key), form=Choice(), happened=happened, state=state, reason_of=reason_of)


@blueprint.post("/pay-outs/<int:key>/end")
def end(key: int) -> Response:
    """It only gives money back, so it takes no code."""
    withdraw_payout(me().id, key, actor=my_actor(), at=clock())
    return changed(url_for(".show", key=key))


@blueprint.get("/pay-out")
def new() -> Response:
    return _form(PayoutForm().offer(payees_of(me().id), clock()))


@blueprint.post("/pay-out")
def preview() -> Response:
    """What would be paid, what it costs and when it goes out, to be confirmed by a code; nothing is kept yet."""
    form = PayoutForm().offer(payees_of(me().id), clock())
    planned = form.attempt(lambda: plan(me().id, _chosen(form.payee.data), _amount(form), at=clock()))
    return _form(form, status=form.status) if planned is None else ask(_payout(planned), TanForm(formdata=None))


@blueprint.post("/pay-out/confirmation")
def create() -> Response:
    made, again = answered(KIND, _told, lambda by: ask_payout(authorisation=by, at=clock()))
    return again or changed(url_for(".show", key=made))


@blueprint.get("/pay-outs/rule")
def rule() -> Response:
    return _rule_form(_offered_rule())


@blueprint.post("/pay-outs/rule")
def preview_rule() -> Response:
    form = _offered_rule()
    typed = form.attempt(lambda: _typed_rule(form))
    return _rule_form(form, status=form.status) if typed is None else ask(typed, TanForm(formdata=None))


@blueprint.post("/pay-outs/rule/confirmation")
def create_rule() -> Response:
    _, again = answered(RULE, _told_rule, lambda by: set_rule(authorisation=by, at=clock()))
    return again or changed(url_for(".index"))


@blueprint.post("/pay-outs/rule/end")
def end_my_rule() -> Response:
    end_rule(me().id, company().currency, actor=my_actor(), at=clock())
    return changed(url_for(".index"))


def mine(key: int) -> Payout:
    """One's own pay-out: another partner's is not there."""
    payout: Payout = found(Payout.of(me().id, key))
    return payout


def _form(form: PayoutForm, *, status: int = 200) -> Response:
    currency, payees, now = company().currency, payees_of(me().id), clock()
    ours = paying_account(currency, payees[0].kind) if payees else None
    day = next_pay_day(ours.pay_days, ours.cutoff, at=now, zone=company().zone) if ours else None
    has = purse(me().id, currency)
    facts: dict[str, Any] = {
        "room": room_for(me().id, KIND, now),
        "payees": payees,
        "resting": [payee for payee in payees if payee.rests(now)],
        "has": has.available if has else None,
        "day": day,
    }
    return page("bank/payout_form.html", form=form, fee=fee_in(currency), least=least_in(currency), status=status, **facts)


def _rule_form(form: RuleForm, *, status: int = 200) -> Response:
    facts: dict[str, Any] = {"rule": standing_order(me().id, company().currency), "room": room_for(me().id, KIND, clock())}
    return page("bank/payout_rule.html", form=form, status=status, weekday=weekday, **facts)


def _offered_rule() -> RuleForm:
    form = RuleForm().on(_weekdays())
    form.offer(payees_of(me().id), clock())
    return form


def _chosen(key: int) -> Payee:
    payee = payee_of(me().id, key)
    if payee is None:
        raise AccountGone
    return payee


def _amount(form: PayoutForm) -> Money:
    return form.typed(language=reader().language, currency=company().currency).money


def _payout(planned: Planned) -> Subject:
    facts: dict[str, Any] = {"planned": planned, "total": planned.amount + planned.fee}
    return Subject(KIND, PAY_OUT, planned.subject, planned.amount, planned.payee.holder, "bank/payout_confirm.html", facts)


def _told(shown: Snapshot) -> Subject:
    """The pay-out that a dialog was about, as it would be now."""
    payee = _numbered(shown.subject)
    assert shown.amount is not None
    currency = shown.amount.currency
    return _payout(Planned(payee, shown.amount, fee_in(currency), goes_out(payee, currency, at=clock())))


def _typed_rule(form: RuleForm) -> Subject:
    payee, above = _chosen(form.payee.data), form.above(language=reader().language, currency=company().currency)
    must_be_pay_day(payee, company().currency, form.weekday.data)
    return _rule(payee, above, form.weekday.data)


def _told_rule(shown: Snapshot) -> Subject:
    _, minor, currency, day = shown.subject.split(" ")
    return _rule(_numbered(shown.subject), Money(int(minor), currency), int(day))


def _rule(payee: Payee, above: Money, day: int) -> Subject:
    facts: dict[str, Any] = {"payee": payee, "above": above, "day": day, "weekday": weekday, "fee": fee_in(above.currency)}
    return Subject(RULE, PAY_OUT, subject_of(payee, above, day), None, payee.holder, "bank/payout_rule_confirm.html", facts)


def _numbered(subject: str) -> Payee:
    payee = payee_numbered(me().id, subject.partition(" ")[0])
    if payee is None:
        raise AccountGone
    return payee


def _weekdays() -> str:
    """Every day of the week on which the company pays out in its own currency."""
    return "".join(sorted({day for ours in bank_accounts() if ours.currency == company().currency for day in ours.pay_days}))
