"""Orders and the questions they answer."""

from vps.orders.models.lists import Counts, Listed, company_counts, company_list, parcels, partner_counts, partner_list, to_send
from vps.orders.models.rows import Colour, Order, OrderLine, OrderPayment, Product, colour_of

__all__ = [
    "Colour",
    "Counts",
    "Listed",
    "Order",
    "OrderLine",
    "OrderPayment",
    "Product",
    "colour_of",
    "company_counts",
    "company_list",
    "parcels",
    "partner_counts",
    "partner_list",
    "to_send",
]
