"""Manual provisions: lines of a run of their own kind, what a partner was given of them, and who took what back."""

from peewee import SQL, BigIntegerField, BooleanField, Check, CompositeKey, IntegerField, TextField

from vps.commissions.models.rows import Run
from vps.kernel.money import Money
from vps.kernel.rows import Instant, Row, currency_field, key_to
from vps.ledger.models import Booking
from vps.people.models import Person

MANUAL = "manual"
"""The kind of a run whose amounts were typed or came in a file."""
BATCH = "manual provisions"
"""The kind of the batches by which they are confirmed and approved."""


class Provision(Row):
    """One line: what somebody decided to give a partner into a kind of wallet, and the words that say for what."""

    id = None
    run = key_to(Run)
    n = IntegerField(constraints=[Check("n > 0")])
    person = key_to(Person)
    kind = TextField()
    currency = currency_field()
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    text = TextField(constraints=[Check("length(text) > 0")])

    class Meta:
        table_name = "manual_provision"
        primary_key = CompositeKey("run", "n")
        without_rowid = True
        immutable = True


Provision.add_index(Provision.person, Provision.run, Provision.n, name="manual_provision_person")


class ProvisionBack(Row):
    """What a partner got of one run in one booking is to be taken back, whole: by one, or asked for by one and approved by another."""

    run = key_to(Run)
    run_id: int
    person = key_to(Person)
    person_id: int
    kind = TextField()
    booking = BigIntegerField()
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    reason = TextField(constraints=[Check("length(reason) > 0")])
    as_debt = BooleanField()
    asked_by = BigIntegerField()
    asked_at = Instant()
    approved_by = BigIntegerField(null=True)
    approved_at = Instant(null=True)
    refused_by = BigIntegerField(null=True)
    refused_at = Instant(null=True)
    refused_why = TextField(default="")
    reversal = BigIntegerField(null=True)

    class Meta:
        table_name = "manual_provision_back"
        depends_on = (Booking,)
        immutable = ("id", "run_id", "person_id", "kind", "booking", "amount", "currency", "reason", "as_debt", "asked_by", "asked_at")
        constraints = (
            Check("approved_by <> asked_by"),
            Check("(approved_by IS NULL) = (approved_at IS NULL)"),
            Check("(refused_by IS NULL) = (refused_at IS NULL)"),
            Check("approved_at IS NULL OR reversal IS NOT NULL"),
            Check("refused_at IS NULL OR reversal IS NULL"),
            SQL("FOREIGN KEY (booking) REFERENCES booking (id)"),
            SQL("FOREIGN KEY (reversal) REFERENCES booking (id)"),
        )

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def waits(self) -> bool:
        """Whether nobody has decided about it yet."""
        return self.reversal is None and self.refused_at is None


ProvisionBack.add_index(ProvisionBack.booking, unique=True, where=SQL("refused_at IS NULL"), name="manual_provision_back_live")
ProvisionBack.add_index(ProvisionBack.id, where=SQL("reversal IS NULL AND refused_at IS NULL"), name="manual_provision_back_open")
Run.add_index(Run.lane, Run.id, where=SQL("kind = 'manual'"), name="commission_run_manual_lane")
Run.add_index(Run.id, where=SQL("kind = 'manual'"), name="commission_run_manual")
