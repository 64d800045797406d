"""Plans, runs and what they credit. A plan is data, a run names everything it was calculated with, a line is a commission for one order."""

import json
from datetime import date, datetime
from typing import Any

from peewee import SQL, BigIntegerField, BooleanField, Check, CompositeKey, IntegerField, TextField

from vps.commissions.plans.document import kept
from vps.commissions.plans.plan import Plan as Rules
from vps.kernel.money import Money
from vps.kernel.rows import Day, Instant, Row, currency_field, key_to
from vps.people.models import Person

NETWORK = "network"
"""The lane of runs over orders: one of them is live at a time."""


class Plan(Row):
    """One version of the company's plan: a document in the format of docs/commissions.md, in its canonical text."""

    version = IntegerField(unique=True, constraints=[Check("version > 0")])
    document = TextField()
    digest = TextField(constraints=[Check("length(digest) = 64")])
    note = TextField(default="")
    made_at = Instant()
    made_by = BigIntegerField(null=True)

    class Meta:
        table_name = "commission_plan"
        immutable = True

    @property
    def rules(self) -> Rules:
        """The plan as the engine reads it."""
        return kept(self.document)


class PlanForce(Row):
    """A version that is to count from a day on: proposed by one, agreed to by another, or by one alone, which stays visible."""

    plan = key_to(Plan)
    plan_id: int
    since = Day(constraints=[Check("length(since) = 10")])
    alone = BooleanField()
    proposed_at = Instant()
    proposed_by = BigIntegerField(null=True)
    agreed_at = Instant(null=True)
    agreed_by = BigIntegerField(null=True)
    withdrawn_at = Instant(null=True)
    withdrawn_by = BigIntegerField(null=True)

    class Meta:
        table_name = "commission_plan_force"
        immutable = ("id", "plan_id", "since", "alone", "proposed_at", "proposed_by")
        constraints = (
            Check("agreed_at IS NULL OR withdrawn_at IS NULL"),
            Check("agreed_at IS NULL OR alone OR proposed_by IS NULL OR agreed_by <> proposed_by"),
        )


PlanForce.add_index(PlanForce.since, PlanForce.id, where=SQL("agreed_at IS NOT NULL"), name="commission_plan_in_force")


class PointRate(Row):
    """What one point is worth: `nano` billionths of a major unit of a currency, on all days from `valid_from` to `valid_to`, which may be open."""

    currency = currency_field()
    nano = BigIntegerField(constraints=[Check("nano > 0")])
    valid_from = Day(constraints=[Check("length(valid_from) = 10")])
    valid_to = Day(null=True)
    set_at = Instant()
    set_by = BigIntegerField(null=True)

    class Meta:
        table_name = "point_rate"
        immutable = True
        indexes = ((("currency", "id"), False),)
        constraints = (Check("valid_to IS NULL OR valid_to >= valid_from"),)


class Run(Row):
    """One calculation and what came of it. Its state is dated facts: drafted, calculated, approved, booked, or discarded.

    `cutoff`: orders that were final before it count. `facts` is JSON: rates, values of points and days it was calculated with.
    Who works on it holds its `claim`, and touched it last at `touched_at`. It is booked up to the partner `upto` and the order
    `turned`, which is `done` steps; notices went out up to the partner `told`.
    """

    kind = TextField(constraints=[Check("kind IN ('period', 'green', 'manual')")])
    lane = TextField()
    since = Day(null=True)
    until = Day(null=True)
    """The day after its last one."""
    cutoff = Instant()
    plan = key_to(Plan, null=True)
    plan_id: int | None
    currency = currency_field()
    facts = TextField(default="{}")
    orders_digest = TextField(default="")
    lines_digest = TextField(default="")
    orders = IntegerField(default=0)
    lines = IntegerField(default=0)
    partners = IntegerField(default=0)
    total = BigIntegerField(default=0)
    drafted_at = Instant()
    drafted_by = BigIntegerField(null=True)
    calculated_at = Instant(null=True)
    approved_at = Instant(null=True)
    approved_by = BigIntegerField(null=True)
    booking_at = Instant(null=True)
    booked_at = Instant(null=True)
    discarded_at = Instant(null=True)
    discarded_by = BigIntegerField(null=True)
    reason = TextField(default="")
    attempt = IntegerField(default=1, constraints=[Check("attempt > 0")])
    """How often it was calculated: each attempt at booking rests on a voucher of its own."""
    claim = TextField(default="")
    touched_at = Instant(null=True)
    stopped_at = Instant(null=True)
    done = IntegerField(default=0)
    upto = BigIntegerField(default=0)
    turned = BigIntegerField(default=0)
    told = BigIntegerField(default=0)
    told_at = Instant(null=True)
    trouble = TextField(default="")
    """Why it could not go on: a refusal's sentence and its facts, as JSON."""

    class Meta:
        table_name = "commission_run"
        immutable = ("id", "kind", "lane", "since", "until", "cutoff", "currency", "drafted_at", "drafted_by")
        constraints = (
            Check("until IS NULL OR until > since"),
            Check("approved_at IS NULL OR calculated_at IS NOT NULL"),
            Check("booking_at IS NULL OR approved_at IS NOT NULL"),
            Check("booked_at IS NULL OR booking_at IS NOT NULL"),
            Check("discarded_at IS NULL OR booking_at IS NULL"),
        )

    @property
    def state(self) -> str:
        """drafted, calculated, approved, booking, booked or discarded."""
        told = ("discarded", "booked", "booking", "approved", "calculated")
        return next((each for each in told if getattr(self, f"{each}_at") is not None), "drafted")

    @property
    def by_itself(self) -> bool:
        """Whether nobody is asked: in real time, over what is green."""
        return bool(self.kind == "green" and self.drafted_by is None)

    @property
    def sum(self) -> Money:
        return Money(self.total, self.currency)

    @property
    def last_day(self) -> date | None:
        return None if self.until is None else date.fromordinal(self.until.toordinal() - 1)

    @property
    def known(self) -> dict[str, Any]:
        """What it was calculated with."""
        found: dict[str, Any] = json.loads(self.facts)
        return found

    def is_over(self, now: datetime) -> bool:
        """Whether all orders that count for it are final."""
        return bool(self.cutoff <= now)


Run.add_index(Run.lane, unique=True, where=SQL("booked_at IS NULL AND discarded_at IS NULL"), name="commission_run_live")
Run.add_index(Run.id, where=SQL("told_at IS NULL AND discarded_at IS NULL"), name="commission_run_waiting")


class RunOrder(Row):
    """An order as a run was calculated with it: `amount` in the run's currency, of what was not refunded."""

    id = None
    run = key_to(Run)
    order_id = BigIntegerField()
    seller = BigIntegerField()
    amount = BigIntegerField(constraints=[Check("amount >= 0")])
    points = BigIntegerField(constraints=[Check("points >= 0")])
    total = BigIntegerField()
    refunded = BigIntegerField()
    currency = currency_field()
    final_at = Instant()
    free_on = Day(null=True)
    """The first day on which its customer can no more withdraw, as far as that is known."""
    payees = TextField(null=True)
    """Whom it brought lines: ids, ascending, with spaces between them, so that nobody reads a whole run for one order. None: it was
    calculated before this was kept."""

    class Meta:
        table_name = "commission_run_order"
        primary_key = CompositeKey("run", "order_id")
        without_rowid = True
        indexes = ((("order_id", "run"), False),)
        constraints = (SQL("FOREIGN KEY (order_id) REFERENCES orders (id)"),)


class Line(Row):
    """What one order brings one partner by one rule. `bonus` is its place in the plan, `base` minor units or points as that bonus says,
    `rate` millionths, 0 with a fixed amount; `via` the partner whose branch or earnings it comes from, or 0."""

    id = None
    run_id = BigIntegerField()
    payee = BigIntegerField()
    order_id = BigIntegerField()
    n = IntegerField()
    bonus = IntegerField()
    level = IntegerField()
    via = BigIntegerField()
    base = BigIntegerField()
    rate = BigIntegerField()
    amount = BigIntegerField(constraints=[Check("amount > 0")])

    class Meta:
        table_name = "commission_line"
        primary_key = CompositeKey("run_id", "payee", "order_id", "n")
        without_rowid = True


class Share(Row):
    """What one partner gets of one run into one kind of wallet: one booking. `held`: why it is not booked."""

    id = None
    run = key_to(Run)
    payee = BigIntegerField()
    kind = TextField()
    currency = currency_field()
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    lines = IntegerField()
    free = TextField(default="")
    """What of it becomes free when: 'day:minor' with spaces between them; the rest is free at once."""
    held = TextField(default="", constraints=[Check("held IN ('', 'closed')")])

    class Meta:
        table_name = "commission_share"
        primary_key = CompositeKey("run", "payee", "kind", "currency")
        without_rowid = True
        constraints = (SQL("FOREIGN KEY (payee) REFERENCES person (id)"),)


Share.add_index(Share.payee, Share.run, name="commission_share_payee")


class Carried(Row):
    """What of a leg's volume was not paired in a run and is carried into the next one, in the unit of its bonus (`bonus`: its code)."""

    id = None
    run = key_to(Run)
    bonus = TextField()
    payee = BigIntegerField()
    leg = IntegerField(constraints=[Check("leg >= 0")])
    volume = BigIntegerField(constraints=[Check("volume > 0")])

    class Meta:
        table_name = "commission_carried"
        primary_key = CompositeKey("run", "bonus", "payee", "leg")
        without_rowid = True
        constraints = (SQL("FOREIGN KEY (payee) REFERENCES person (id)"),)


class Place(Row):
    """Where a partner stands in the tree of places of a width (binary, matrix), once and for all: under whom, and on which leg from 0.

    Who stands at the top has none: he may still be given a sponsor, and then gets one.
    """

    person = key_to(Person)
    parent = BigIntegerField()
    leg = IntegerField(constraints=[Check("leg >= 0")])
    width = IntegerField(constraints=[Check("width >= 2")])

    class Meta:
        table_name = "commission_place"
        immutable = True
        constraints = (Check("parent <> person_id"), SQL("FOREIGN KEY (parent) REFERENCES person (id)"))
        indexes = ((("width", "person"), True), (("parent", "width", "leg"), True))


class Mark(Row):
    """A commission stop (nothing is calculated for him) or hold (calculated and credited, but kept back), from when to when."""

    person = key_to(Person)
    person_id: int
    kind = TextField(constraints=[Check("kind IN ('stop', 'hold')")])
    since = Instant()
    by = BigIntegerField(null=True)
    reason = TextField()
    ended_at = Instant(null=True)
    ended_by = BigIntegerField(null=True)
    ended_why = TextField(default="")

    class Meta:
        table_name = "commission_mark"
        immutable = ("id", "person_id", "kind", "since", "by", "reason")


Mark.add_index(Mark.person, Mark.kind, unique=True, where=SQL("ended_at IS NULL"), name="commission_mark_open")
