"""What the office decides about wallets: transfers that one asks for and another approves, and plans by which a debt is repaid."""

from peewee import SQL, BigIntegerField, BooleanField, Check, IntegerField, TextField

from vps.kernel.money import Money
from vps.kernel.rows import Day, Instant, Row, currency_field, key_to
from vps.ledger.models import Account
from vps.people.models import Person
from vps.wallets.models.rows import Transfer


class OfficeTransfer(Row):
    """A transfer that the office makes between two accounts, or the reversal of one (`reverses`), with its reason.

    `transfer` is there once it was booked; from the company's threshold on that takes a second one, who is somebody else.
    """

    key = TextField(unique=True)
    debit = key_to(Account)
    debit_id: int
    credit = key_to(Account)
    credit_id: int
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    reason = TextField(constraints=[Check("length(reason) > 0")])
    reverses = key_to(Transfer, null=True)
    reverses_id: int | None
    as_debt = BooleanField()
    asked_by = BigIntegerField()
    asked_at = Instant()
    approved_by = BigIntegerField(null=True)
    approved_at = Instant(null=True)
    refused_by = BigIntegerField(null=True)
    refused_at = Instant(null=True)
    refused_why = TextField(default="")
    transfer = key_to(Transfer, null=True)
    transfer_id: int | None

    class Meta:
        table_name = "office_transfer"
        immutable = ("id", "key", "debit_id", "credit_id", "amount", "currency", "reason", "reverses_id", "as_debt", "asked_by", "asked_at")
        constraints = (
            Check("debit_id <> credit_id"),
            Check("approved_by <> asked_by"),
            Check("(approved_by IS NULL) = (approved_at IS NULL)"),
            Check("(refused_by IS NULL) = (refused_at IS NULL)"),
            Check("approved_at IS NULL OR transfer_id IS NOT NULL"),
            Check("refused_at IS NULL OR transfer_id IS NULL"),
            Check("transfer_id IS NULL OR reverses_id IS NULL OR transfer_id = reverses_id"),
        )

    @property
    def money(self) -> Money:
        """What leaves the debited account."""
        return Money(self.amount, self.currency)

    @property
    def waits(self) -> bool:
        """Whether nobody has decided about it yet."""
        return self.transfer_id is None and self.refused_at is None


OfficeTransfer.add_index(OfficeTransfer.id, where=SQL("transfer_id IS NULL AND refused_at IS NULL"), name="office_transfer_open")
OfficeTransfer.add_index(
    OfficeTransfer.reverses, unique=True, where=SQL("reverses_id IS NOT NULL AND refused_at IS NULL"), name="office_transfer_reverses"
)


class DebtPlan(Row):
    """A debt that was taken out of a wallet and is repaid in instalments, on one day of the month. One open plan for an account.

    `booking` took it out of the wallet, `written_off` what was left when nobody expected it any more.
    """

    person = key_to(Person)
    person_id: int
    account = key_to(Account)
    account_id: int
    amount = BigIntegerField(constraints=[Check("amount > 0")])
    currency = currency_field()
    instalment = BigIntegerField(constraints=[Check("instalment > 0")])
    day = IntegerField(constraints=[Check("day BETWEEN 1 AND 31")])
    text = TextField(default="")
    agreed_at = Instant()
    by = BigIntegerField(null=True)
    booking = BigIntegerField(unique=True)
    next_due = Day(constraints=[Check("length(next_due) = 10")])
    ended_at = Instant(null=True)
    ended_by = BigIntegerField(null=True)
    written_off = BigIntegerField(null=True)
    written_why = TextField(default="")

    class Meta:
        table_name = "debt_plan"
        immutable = ("id", "person_id", "account_id", "amount", "currency", "instalment", "day", "text", "agreed_at", "by", "booking")
        constraints = (
            Check("instalment <= amount"),
            Check("written_off IS NULL OR ended_at IS NOT NULL"),
            SQL("FOREIGN KEY (booking) REFERENCES booking (id)"),
            SQL("FOREIGN KEY (written_off) REFERENCES booking (id)"),
        )


DebtPlan.add_index(DebtPlan.account, unique=True, where=SQL("ended_at IS NULL"), name="debt_plan_open")
DebtPlan.add_index(DebtPlan.person, name="debt_plan_person")
DebtPlan.add_index(DebtPlan.next_due, where=SQL("ended_at IS NULL"), name="debt_plan_due")


class DebtPayment(Row):
    """What was paid of a plan: an instalment of a day it was `due`, or more besides. Nothing, where the wallet had nothing that day."""

    plan = key_to(DebtPlan)
    key = TextField(unique=True)
    due = Day(null=True)
    amount = BigIntegerField(constraints=[Check("amount >= 0")])
    booking = BigIntegerField(null=True, unique=True)
    at = Instant()

    class Meta:
        table_name = "debt_payment"
        immutable = True
        constraints = (Check("(amount > 0) = (booking IS NOT NULL)"), SQL("FOREIGN KEY (booking) REFERENCES booking (id)"))


DebtPayment.add_index(DebtPayment.plan, DebtPayment.id, name="debt_payment_plan")
