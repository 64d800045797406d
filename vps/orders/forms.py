"""The order form: a customer, old or new, and how many of each product."""

from typing import Any

from wtforms import EmailField, SelectChoice, SelectField, StringField, TelField
from wtforms.validators import Length, Optional

from vps.hypermedia.forms import LANGUAGE_CHOICES, Form, KeyedForm, required
from vps.hypermedia.languages import say
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.amounts import WrongQuantity, parse_quantity
from vps.kernel.database import rows
from vps.kernel.refusals import N_, Refused
from vps.orders.actions import Address, Item
from vps.orders.models import Product
from vps.people.models import Person

NEW = ""


class NoCustomer(Refused):
    says = N_("Choose a customer, or enter the name of a new one.")
    field = "name"


class TwoCustomers(Refused):
    """Facts: name."""

    says = N_("%(name)s is chosen, and the name of a new customer is typed. Please leave only one of them.")
    field = "name"


def _line(label: Any, **options: Any) -> StringField:
    return StringField(label, validators=[Optional(), Length(max=80)], **options)


class WriteOffForm(Form):
    reason = required(StringField, _l("Reason"), most=200)


class GoodsForm(KeyedForm):
    """What an order is about, and where it goes. Products are rows of their own, `q-<id>`: the catalogue is the company's, not the form's."""

    street = _line(_l("Street and number"))
    postcode = _line(_l("Postcode"))
    city = _line(_l("Town"))
    country = _line(_l("Country"))
    items = StringField(validators=[Optional()])
    """Where a refusal about the goods stands; the goods themselves are the rows."""

    def offer(self, products: list[Product], typed: Any, ordered: dict[int, int]) -> None:
        """Fill in what can be ordered, with what was typed or ordered so far."""
        self.products = [(product, typed.get(f"q-{product.id}", str(ordered.get(product.id, "")))) for product in products]

    def address(self) -> Address:
        return Address(*((self[name].data or "").strip() for name in Address._fields))

    def chosen(self, typed: Any) -> list[Item]:
        """The products with a quantity. Raises WrongQuantity."""
        filled = [(product, typed.get(f"q-{product.id}", "").strip()) for product, _ in self.products]
        try:
            return [Item(product.id, parse_quantity(text)) for product, text in filled if text not in ("", "0")]
        except WrongQuantity as wrong:
            raise NotAQuantity from wrong


class OrderForm(GoodsForm):
    """A new order: of a customer, old or new."""

    customer = SelectField(_l("Customer"), choices=[], validate_choice=False)
    name = StringField(_l("Name of a new customer"), validators=[Optional(), Length(max=320)], render_kw={"autocomplete": "off"})
    email = EmailField(_l("E-mail"), validators=[Optional(), Length(max=254)])
    phone = TelField(_l("Phone"), validators=[Optional(), Length(max=40)])
    language = SelectField(_l("Language of the receipt"), choices=LANGUAGE_CHOICES)

    def know(self, partner: Person) -> None:
        """Fill in whom the partner has sold to."""
        mine = rows("SELECT id, name FROM customer WHERE partner_id = ? ORDER BY name LIMIT 500", partner.id)
        self.customer.choices = [SelectChoice(NEW, say(N_("New customer"))), *(SelectChoice(str(key), name) for key, name in mine)]


class NotAQuantity(Refused):
    says = WrongQuantity.says
    field = "items"
