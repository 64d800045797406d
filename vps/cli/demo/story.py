"""Living through the demo company's year: everything that happened, in the order of time, by the same actions that people use.

Nothing is written around the actions except payments by transfer and cheque, which the company's own desk would note.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random

import pyotp

from vps.cli.demo.cast import CATALOGUE, COMPANY, CURRENCY, LANDS, PARTNERS, STAFF, Member
from vps.cli.demo.marker import DemoKey
from vps.cli.demo.plan import HOUR, Planned
from vps.company.models import company
from vps.kernel.authorisation import HOUSE, Actor, ByStaff
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, one, run
from vps.kernel.money import Money
from vps.kernel.numbers import order_number
from vps.ledger.actions import record
from vps.orders.actions import KIND, Item, cancel_order, deliver, enter_order, pay_now, ship
from vps.orders.models import Colour, Product
from vps.people.actions import Details, add_customer, set_password
from vps.people.models import Person
from vps.security.actions import ask, begin_app, confirm, confirm_app, renew_recovery_sheet, snapshot
from vps.security.models import APP, SHEET
from vps.wallets.actions import Slip, join_partner, top_up
from vps.wallets.models import purse

DAY = timedelta(days=1)
CLEARS = {"transfer": 2 * DAY, "cheque": 8 * DAY}
"""How long a payment can be recalled."""
BY_SHEET = 6
"""Payments of the story that a member of the cast confirmed with the sheet instead of the app."""


class Story:
    """What is known while the year goes by: the clock, the people, and what is still to come."""

    def __init__(self, key: DemoKey, dice: Random, *, end: datetime, hashed: str) -> None:
        self.key, self.dice, self.end, self.hashed = key, dice, end, hashed
        self.people: dict[str, Person] = {}
        self.products: dict[str, int] = {}
        self.confirmed: dict[int, int] = defaultdict(int)
        self.last_code: dict[int, datetime] = {}
        self.slips = count(1)
        self._turns = count()
        self._coming: list[tuple[datetime, int, Callable[[datetime], None]]] = []

    def plan(self, at: datetime, act: Callable[[datetime], None]) -> None:
        """Let something happen at a time; what lies after the end of the story never does."""
        if at < self.end:
            heapq.heappush(self._coming, (at, next(self._turns), act))

    def live(self) -> None:
        """Let everything happen that was planned, and what follows from it."""
        while self._coming:
            at, _, act = heapq.heappop(self._coming)
            act(at)

    @property
    def desk(self) -> Actor:
        """The member of staff who books."""
        return Actor(self.people[STAFF[1]].id)

    def offer(self) -> None:
        """The catalogue."""
        for goods in CATALOGUE:
            self.products[goods.code] = Product.create(**goods._asdict(), currency=CURRENCY).id

    def join(self, member: Member, at: datetime) -> None:
        """A partner joins, with a wallet, a password and an app."""
        land, sponsor = LANDS[member.land], self.people.get(member.sponsor)
        details = Details(
            member.name,
            member.language,
            land.zone,
            email=f"{member.username}@example.com",
            phone=f"{land.dial}{self.dice.randrange(10**6, 10**7)}",
            username=member.username,
            sponsor=(sponsor.number or "") if sponsor else "",
        )
        self.equip(join_partner(details, currency=CURRENCY, actor=self.desk, at=at), at)

    def equip(self, person: Person, at: datetime) -> None:
        """The password of the demo, an app whose secret follows from the demo's key, and recovery codes."""
        self.people[person.username] = person
        set_password(person, self.hashed, actor=HOUSE, at=at)
        codes = pyotp.TOTP(begin_app(person.id, at=at, secret=self.key.app_secret(person.username)))
        confirm_app(person.id, first=codes.at(at - timedelta(seconds=30)), second=codes.at(at), actor=Actor(person.id), at=at)
        if person.is_partner:
            renew_recovery_sheet(person.id, actor=Actor(person.id), at=at)

    def order(self, planned: Planned, at: datetime) -> None:
        """A partner enters an order; what becomes of it follows."""
        partner, buyer = self.people[planned.member.username], planned.buyer
        known = {"name": buyer.name, "language": buyer.language, "email": buyer.email, "phone": buyer.phone}
        customer = add_customer(partner, **known, address=buyer.address, at=at)
        items = [Item(self.products[code], quantity) for code, quantity in planned.goods.items()]
        key = f"demo {micros(at)} {partner.id} {next(self._turns)}"
        made = enter_order(partner, customer, items, key=key, address=buyer.address, actor=Actor(partner.id), at=at)
        later = at + self.dice.uniform(0.2, 20) * HOUR
        if planned.colour is None:
            self.plan(later, lambda when: cancel_order(made, partner=partner.id, actor=Actor(partner.id), at=when))
        elif planned.colour is Colour.RED and planned.means == "cheque" and at < self.end - 10 * DAY:
            self.plan(later, lambda when: note_payment(made, "cheque", actor=self.desk, at=when, final=when + CLEARS["cheque"]))
            self.plan(later + 4 * DAY, lambda when: recall_payment(made, "Scheck nicht eingelöst", actor=self.desk, at=when))
        elif planned.colour is not Colour.RED:
            self.plan(later, lambda when: self.pay(made, partner, self._means(planned), planned.colour is Colour.YELLOW, when))

    def pay(self, order: int, partner: Person, means: str, recallable: bool, at: datetime) -> None:
        """Pay an order from the wallet if the money is there, or after a top-up; or by other means."""
        if means != "wallet":
            final = self.end + self.dice.uniform(1.2, 6) * DAY if recallable else at + CLEARS[means]
            note_payment(order, means, actor=self.desk, at=at, final=final)
            self._send(order, final)
            return
        price = Money(*one("SELECT total, currency FROM orders WHERE id = ?", order))
        found = purse(partner.id, CURRENCY)
        missing = price - found[1] if found else price
        if missing.is_positive:
            self.fill(partner, missing.minor, at)
            self.plan(at + self.dice.uniform(0.1, 2) * DAY, lambda when: self.pay(order, partner, means, recallable, when))
            return
        self._pay_now(order, partner, price, max(at, self.last_code.get(partner.id, at) + timedelta(minutes=1)))
        self._send(order, at)

    def fill(self, partner: Person, least: int, at: datetime, *, exactly: bool = False) -> int:
        """A top-up that the office books by hand: at least so many cents, rounded up to what people transfer. Answers the booking."""
        minor = least if exactly else -(-least // 50_00) * 50_00 + self.dice.choice((0, 50_00, 100_00))
        booked = top_up(partner.id, Money(minor, CURRENCY), self.slip(partner, at), authorisation=ByStaff(self.desk), at=at)
        return booked.id

    def slip(self, partner: Person, at: datetime) -> Slip:
        """The next receipt of the office's book."""
        return Slip(f"{at.year}-{next(self.slips):04d}", day_in(at, company().zone), partner.name, "")

    def _pay_now(self, order: int, partner: Person, price: Money, at: datetime) -> None:
        # The whole way of a partner: what is shown, the code that is asked for, the booking.
        number = order_number(order)
        before = self.confirmed[partner.id]
        by_sheet = partner.username in PARTNERS and before % 3 == 2 and before < 3 * BY_SHEET
        asked = ask(partner.id, at=at, prefer=SHEET if by_sheet else APP)
        shown = snapshot(KIND, number, amount=price, payee=COMPANY["legal_name"], ask=asked, at=at)
        code = self.key.code(asked.serial, asked.n) if asked.n else pyotp.TOTP(self.key.app_secret(partner.username)).at(at)
        pay_now(order, authorisation=confirm(shown, code=code, actor=Actor(partner.id), at=at), at=at)
        self.confirmed[partner.id] = before + 1
        self.last_code[partner.id] = at

    def _means(self, planned: Planned) -> str:
        # An order that is green by now was not paid by something that would still be recallable.
        if planned.colour is Colour.GREEN and planned.means != "wallet" and planned.at + CLEARS[planned.means] + DAY > self.end:
            return "wallet"
        return planned.means

    def _send(self, order: int, final: datetime) -> None:
        sent = final + self.dice.uniform(1, 5) * DAY
        self.plan(sent, lambda when: ship(order, actor=self.desk, at=when))
        self.plan(sent + self.dice.uniform(1.5, 8) * DAY, lambda when: deliver(order, actor=self.desk, at=when))


@action
def note_payment(order: int, means: str, *, actor: Actor, at: datetime, final: datetime) -> None:
    """Write down that an order was paid by transfer or cheque, and until when that can be recalled."""
    run(NOTED, means, micros(at), micros(final), order)
    run("UPDATE orders SET paid_at = ?, final_at = ? WHERE id = ?", micros(at), micros(final), order)
    record(actor, "order paid", f"order:{order_number(order)}", at=at, before="red", after=means)


@action
def recall_payment(order: int, reason: str, *, actor: Actor, at: datetime) -> None:
    """A cheque bounced: the attempt keeps its row and its reason, and the order is red again."""
    run("UPDATE order_payment SET recalled_at = ?, reason = ? WHERE order_id = ? AND recalled_at IS NULL", micros(at), reason, order)
    run("UPDATE orders SET paid_at = NULL, final_at = NULL WHERE id = ?", order)
    record(actor, "payment recalled", f"order:{order_number(order)}", at=at, before="yellow", after=reason)


NOTED = (
    "INSERT INTO order_payment (order_id, n, means, amount, currency, paid_at, final_at, reason)"
    " SELECT o.id, 1 + (SELECT count(*) FROM order_payment p WHERE p.order_id = o.id), ?, o.total, o.currency, ?, ?, '' FROM orders o WHERE o.id = ?"
)
