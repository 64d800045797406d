"""Orders and the questions they answer."""

from vps.orders.models.debts import OrderDebt, Owed, debt, debt_of, open_debt_count, open_debts
from vps.orders.models.lists import Counts, Listed, company_counts, company_list, parcels, partner_counts, partner_list, to_send
from vps.orders.models.parts import PaidPart, PaymentPart, parts_of
from vps.orders.models.rows import Colour, Order, OrderLine, OrderPayment, Product, colour_of

__all__ = [
    "Colour",
    "Counts",
    "Listed",
    "Order",
    "OrderDebt",
    "OrderLine",
    "OrderPayment",
    "Owed",
    "PaidPart",
    "PaymentPart",
    "Product",
    "colour_of",
    "company_counts",
    "company_list",
    "debt",
    "debt_of",
    "open_debt_count",
    "open_debts",
    "parcels",
    "partner_counts",
    "partner_list",
    "parts_of",
    "to_send",
]
