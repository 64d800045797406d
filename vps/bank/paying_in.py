"""What somebody needs who pays into an account of the company: the lines of the slip, and its code as a picture."""

import re
from typing import NamedTuple

from markupsafe import Markup
from stdnum.ru import inn

from vps.bank.models import Ours, bank_accounts
from vps.bank.slips import Line, Payee, Slip, form_of
from vps.bank.slips.facts import filled, grouped
from vps.company.models import company
from vps.hypermedia.languages import Words
from vps.kernel.money import Money
from vps.kernel.numbers import order_reference, spaced
from vps.kernel.refusals import N_, Refused


class NowhereToPay(Refused):
    """Facts: currency."""

    says = N_("No bank account for transfers in %(currency)s has been set up. Please ask the office how to pay.")
    status = 409


class Shown(NamedTuple):
    """A slip as a page shows it. Without a code there may be a reason that its reader can do something about."""

    account: Ours
    title: str
    lines: tuple[Line, ...]
    code: Markup | None
    missing: Refused | None


class Payer(NamedTuple):
    name: str = ""
    street: str = ""
    place: str = ""


def offered(currency: str) -> list[Ours]:
    """The accounts into which this currency can be paid: money in another one would end in a wallet that pays no order. Raises NowhereToPay."""
    found = [account for account in bank_accounts() if account.shown and account.currency == currency]
    if not found:
        raise NowhereToPay(currency=currency)
    return found


def chosen(accounts: list[Ours], asked: str | None) -> Ours:
    """The one that was asked for, or the first."""
    return next((account for account in accounts if str(account.id) == asked), accounts[0])


def slip_into(
    account: Ours, reference: str, about: str, *, language: str, payer: Payer, amount: Money | None = None, **facts: object
) -> Shown:
    """The slip for one payment. `about` is a marked sentence and `facts` its own: said as the account's bank reads it, or in `language`."""
    form = form_of(account.number, account.currency)
    text = Words(form.language if form and form.language else language).say(about, **facts)
    slip = Slip(payee_of(account), reference, text, amount, *payer)
    if form is None:
        return Shown(account, "", plain(slip), None, None)
    try:
        lines = form.lines(slip)
    except Refused:  # the account was set up with a mistake that this reader cannot mend: people can still pay by hand
        return Shown(account, "", plain(slip), None, None)
    try:
        # Made by us of digits only: what people typed stands in the code, not in the markup.
        return Shown(account, form.title, lines, Markup(form.draw(slip)), None)  # noqa: S704
    except Refused as refusal:
        return Shown(account, form.title, lines, None, refusal if refusal.field == "amount" else None)


def why_no_code(account: Ours) -> Refused | None:
    """What must be mended in an account before its slips can carry a code; for whoever sets accounts up."""
    form = form_of(account.number, account.currency)
    try:
        if form:
            form.payload(Slip(payee_of(account), order_reference("1001"), "", Money(1, account.currency)))
    except Refused as refusal:
        return refusal
    return None


def payee_of(account: Ours) -> Payee:
    """The company as the owner of this account."""
    ours = company()
    street, place, *_ = [*re.split(r"\n|, ", ours.address), "", ""]
    return Payee(
        ours.legal_name or ours.name,
        account.number,
        street,
        place,
        account.bic,
        account.bank or account.name,
        account.correspondent,
        ours.tax_number if inn.is_valid(ours.tax_number) else "",
    )


def plain(slip: Slip) -> tuple[Line, ...]:
    """What every transfer needs, whatever the country's form calls it."""
    payee = slip.payee
    return filled(
        Line(N_("Payee"), payee.name),
        Line(N_("Payee's account"), grouped(payee.account)),
        Line(N_("BIC"), payee.bic),
        Line(N_("Amount"), slip.amount) if slip.amount else None,
        Line(N_("Reference"), spaced(slip.reference)),
    )
