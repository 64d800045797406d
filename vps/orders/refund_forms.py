"""Forms about refunds: what is wanted, what the office books, and the customer's receipt for returned cash."""

from typing import Any

from wtforms import DateField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Optional

from vps.hypermedia.forms import Form, KeyedForm, required
from vps.hypermedia.languages import say
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.amounts import WrongQuantity, parse_quantity
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.orders.actions import Wanted
from vps.orders.models import Order
from vps.orders.models.refunds import BANK, CASH, WALLET
from vps.wallets.forms import AS_AMOUNT, AmountForm

WORDS = {
    CASH: N_("To the wallet; the partner returns the cash to the customer"),
    WALLET: N_("To the wallet; nobody returns anything"),
    BANK: N_("To the customer's bank account, with the next file of pay-outs"),
}
"""How an order is refunded."""


class NotBoth(Refused):
    """Facts: amount (Money)."""

    says = N_("The goods you entered come to %(amount)s. Please leave the amount empty, or enter exactly that.")
    field = "amount"


class NotWhole(Refused):
    says = WrongQuantity.says
    field = "amount"


class WishForm(AmountForm, KeyedForm):
    """How much of an order is wanted back, or which goods are given back, and why."""

    amount = StringField(_l("Amount"), validators=[Optional(), Length(max=1000)], render_kw=AS_AMOUNT)
    reason = required(StringField, _l("Reason"), most=200)

    def offer(self, order: Order, typed: Any) -> "WishForm":
        """The goods that can be given back, with what was typed. Answers itself."""
        self.goods = [(line, typed.get(f"g-{line.n}", "").strip()[:3]) for line in order.lines()]
        return self

    def wanted(self, order: Order, language: str) -> Wanted:
        """What was typed; nothing is all that is left. Raises NotWhole, NotBoth, and what reading an amount raises."""
        goods = self._goods()
        worth = Money(sum(line.price * goods.get(line.n, 0) for line, _ in self.goods), order.currency)
        typed = self.typed(language=language, currency=order.currency).money if (self.amount.data or "").strip() else None
        if goods and typed not in (None, worth):
            raise NotBoth(amount=worth)
        amount = worth if goods else typed or order.price - order.given_back
        return Wanted(amount, self.reason.data or "", goods=goods)

    def _goods(self) -> dict[int, int]:
        try:
            return {line.n: parse_quantity(typed) for line, typed in self.goods if typed not in ("", "0")}
        except WrongQuantity as wrong:
            raise NotWhole from wrong


class AccountFields(Form):
    """The customer's bank account."""

    holder = StringField(_l("Account holder"), validators=[Length(max=200)], render_kw={"autocomplete": "off"})
    account = StringField(
        _l("IBAN or account number"), validators=[Length(max=80)], render_kw={"autocomplete": "off", "spellcheck": "false"}
    )
    bic = StringField(_l("BIC"), validators=[Length(max=20)], render_kw={"autocomplete": "off", "spellcheck": "false"})


class RefundForm(WishForm, AccountFields):
    """The same with how it is paid, for the office."""

    way = RadioField(_l("How it is refunded"), validators=[InputRequired()])

    def ways(self, ways: tuple[str, ...]) -> "RefundForm":
        """How this order can be refunded, the likely way first. Answers itself."""
        self.way.choices = [SelectChoice(way, say(WORDS[way])) for way in ways]
        if not self.is_submitted():
            self.way.data = ways[0]
        return self

    def wanted(self, order: Order, language: str) -> Wanted:
        found = super().wanted(order, language)
        if self.way.data != BANK:
            return found._replace(way=self.way.data)
        holder, account, bic = (self[name].data or "" for name in ("holder", "account", "bic"))
        return found._replace(way=BANK, holder=holder, account=account, bic=bic)


class ReceiptForm(Form):
    """The customer's receipt for the cash."""

    day = DateField(_l("Returned on"), validators=[InputRequired()])
    signed = required(StringField, _l("Signed by"), most=200, render_kw={"autocomplete": "off"})
    receipt = StringField(_l("Number of the receipt (optional)"), validators=[Length(max=80)], render_kw={"autocomplete": "off"})


class DecideForm(Form):
    """What a colleague answers: for a refusal, why."""

    reason = StringField(_l("Reason"), validators=[Length(max=200)])
