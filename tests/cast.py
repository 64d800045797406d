"""The standing cast, and small words that tests use to speak about them."""

import itertools
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pyotp

from vps.bank.actions import open_bank_account
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor, ByRule
from vps.kernel.hashing import slow_hash
from vps.kernel.keys import keys
from vps.kernel.money import Money
from vps.ledger.actions import set_up, voucher
from vps.orders.actions import Address, Item, enter_order
from vps.orders.models import Order, Product
from vps.people.actions import Details, add_customer, register_partner, register_staff, set_password
from vps.people.models import Person
from vps.security.actions import activate_sheet, asked_to_activate, make_sheet, prepare_sheet
from vps.security.models import App, RecoverySheet, TanSheet, has_recovery_sheet
from vps.wallets.actions import credit, open_wallet
from vps.wallets.models import Wallet

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PASSWORD = "four words that rhyme"
CODES = [f"{n:06d}" for n in range(100_001, 100_021)]
_keys = itertools.count(1)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def set_the_stage() -> SimpleNamespace:
    """A company with a catalogue, two partners with wallets, and three members of staff."""
    change_settings({"name": "Alpenkraut", "legal_name": "Alpenkraut GmbH", "zone": "Europe/Berlin", "phone": "+49 89 1234567",
                     "email": "office@alpenkraut.example"}, actor=HOUSE, at=NOON)  # fmt: skip
    set_up(currency="EUR", at=NOON)
    open_bank_account("DE89370400440532013000", "EUR", actor=HOUSE, at=NOON)
    hashed = slow_hash(PASSWORD)
    anna = register_partner(Details("Anna Bauer", "de", "Europe/Berlin", username="anna", email="anna@example.com"), actor=HOUSE, at=NOON)
    boris = register_partner(Details("Борис Волков", "ru", "Europe/Moscow", username="boris", sponsor=anna.number), actor=HOUSE, at=NOON)
    clara = register_staff(Details("Clara Stein", "en", "Europe/Berlin", username="clara"), {"read"}, actor=HOUSE, at=NOON)
    dragan = register_staff(Details("Dragan Ilić", "sr", "Europe/Belgrade", username="dragan"), {"read", "book"}, actor=HOUSE, at=NOON)
    elena = register_staff(
        Details("Елена Крылова", "ru", "Europe/Moscow", username="elena"), {"read", "book", "manage"}, actor=HOUSE, at=NOON
    )
    for person in (anna, boris, clara, dragan, elena):
        set_password(person, hashed, actor=HOUSE, at=NOON)
    tea = Product.create(code="TEA", name="Bergtee", price=49_90, currency="EUR", points=40, tax_rate=700)
    balm = Product.create(code="BALM", name="Arnikabalsam", price=12_50, currency="EUR", points=10, tax_rate=1900)
    open_wallet(boris.id, "EUR", at=NOON)
    give(anna, 250_00)
    return SimpleNamespace(anna=anna, boris=boris, clara=clara, dragan=dragan, elena=elena, tea=tea, balm=balm)


def give(person: Person, minor: int) -> None:
    """Put money into somebody's wallet from the opening account."""
    paper = voucher("opening", f"gift {next(_keys)}", day=date(2026, 11, 1))
    credit(
        person.id,
        eur(minor),
        source="opening",
        motive="opening",
        voucher=paper,
        key=f"gift:{paper}",
        at=NOON,
        authorisation=ByRule(HOUSE),
        day=date(2026, 11, 1),
    )


def balance(person: Person) -> Money:
    wallet = Wallet.of(person.id, "EUR")
    assert wallet is not None
    return wallet.account.booked


def red_order(cast: SimpleNamespace, partner: Person | None = None, *, customer: str = "Maria Huber", quantity: int = 1) -> Order:
    """A red order of 49.90 EUR a piece for a customer of Anna, or of another partner."""
    seller = partner or cast.anna
    buyer = add_customer(seller, name=customer, language="de", at=NOON)
    made = enter_order(
        seller, buyer, [Item(cast.tea.id, quantity)], key=f"test {next(_keys)}", address=Address(), actor=Actor(seller.id), at=NOON
    )
    return Order.get_by_id(made)


def sheet_of(person: Person, at: datetime = NOON) -> TanSheet:
    """An activated sheet whose TAN number n is 100000 + n; two are used up by activating it."""
    sheet = make_sheet(person.id, CODES, actor=HOUSE, at=at)
    prepare_sheet(sheet.id, at=at)
    first, second = asked_to_activate(sheet)
    activate_sheet(person.id, first=CODES[first - 1], second=CODES[second - 1], actor=Actor(person.id), at=at)
    recovery_of(person, at)
    return TanSheet.get_by_id(sheet.id)


def app_of(person: Person, at: datetime = NOON) -> pyotp.TOTP:
    """An enrolled authenticator app that was never used."""
    secret = pyotp.random_base32()
    App.create(person=person, secret=keys().encrypt(secret.encode(), owner=f"app:{person.id}"), made_at=at, confirmed_at=at)
    recovery_of(person, at)
    return pyotp.TOTP(secret)


def recovery_of(person: Person, at: datetime = NOON) -> None:
    """Recovery codes that nobody knows: with them one way is enough to pay."""
    if not has_recovery_sheet(person.id):
        RecoverySheet.create(person=person, stop_code=b"nobody knows", made_at=at)
