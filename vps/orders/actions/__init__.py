"""What happens to an order: entered, changed, cancelled, paid, sent, delivered."""

from vps.orders.actions.deliver import NotPaidYet, NotSentYet, deliver, ship
from vps.orders.actions.enter import Address, Item, NothingOrdered, NotRed, cancel_order, change_order, enter_order
from vps.orders.actions.pay_now import KIND, AlreadyPaid, Cancelled, PriceChanged, must_be_payable, pay_now

__all__ = [
    "KIND",
    "Address",
    "AlreadyPaid",
    "Cancelled",
    "Item",
    "NotPaidYet",
    "NotRed",
    "NotSentYet",
    "NothingOrdered",
    "PriceChanged",
    "cancel_order",
    "change_order",
    "deliver",
    "enter_order",
    "must_be_payable",
    "pay_now",
    "ship",
]
