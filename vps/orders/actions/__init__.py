"""What happens to an order: entered, changed, cancelled, paid here or by bank, sent, delivered; and debts. Joins the kinds of claims."""

from vps.orders.actions.by_bank import CountsAlready, OtherPrice
from vps.orders.actions.debts import NotOwed, OtherDebt, settle_from_wallet, write_off
from vps.orders.actions.deliver import NotPaidYet, NotSentYet, deliver, ship
from vps.orders.actions.enter import Address, Item, NothingOrdered, NotRed, cancel_order, change_order, enter_order
from vps.orders.actions.pay_now import KIND, AlreadyPaid, Cancelled, PriceChanged, must_be_payable, pay_now, subject_of
from vps.orders.actions.telling import TOLD

__all__ = [
    "KIND",
    "TOLD",
    "Address",
    "AlreadyPaid",
    "Cancelled",
    "CountsAlready",
    "Item",
    "NotOwed",
    "NotPaidYet",
    "NotRed",
    "NotSentYet",
    "NothingOrdered",
    "OtherDebt",
    "OtherPrice",
    "PriceChanged",
    "cancel_order",
    "change_order",
    "deliver",
    "enter_order",
    "must_be_payable",
    "pay_now",
    "settle_from_wallet",
    "ship",
    "subject_of",
    "write_off",
]
