"""The company's data and settings: append-only, read as one typed object."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, NamedTuple

from peewee import BigIntegerField, TextField

from vps.kernel.database import on_configure, one, rows, within_action
from vps.kernel.keys import PRESENT, keys
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_, Refused
from vps.kernel.rows import Instant, Row

LANGUAGES = ("en", "de", "ru", "hr", "sr", "sr_Latn")
"""What pages can be read in."""


STANDARD_GRADE = "purchase 0 1; transfer 0 2; transfer 50001 3; pay-out 0 2; pay-out 50001 3; change 0 3"
"""The matrix a new installation begins with."""


SEPA = "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM VA"
"""Where a transfer in euros costs and takes what it does at home."""


MOTIVES = ("purchase", "transfer", "pay-out", "change")
"""What the matrix of security levels speaks of; a change is one of a partner's own security."""


class Setting(Row):
    """One value from a moment on. The newest row of a key is in force; the older ones are its history."""

    key = TextField()
    value = TextField()
    since = Instant()
    by = BigIntegerField(null=True)

    class Meta:
        immutable = True


@dataclass(frozen=True, slots=True)
class Company:
    """What the company says about itself, and how this installation behaves. Texts unless noted."""

    name: str = "VPS"
    """What partners call it; shown on every page."""
    legal_name: str = ""
    """Exactly as registered, for slips and receipts (Verification of Payee compares it)."""
    address: str = ""
    phone: str = ""
    hours: str = ""
    email: str = ""
    tax_number: str = ""
    currency: str = "EUR"
    language: str = "en"
    zone: str = "UTC"
    """IANA name; days and months of the books are this zone's."""
    withdrawal_days: int = 14
    """Days in which a consumer may withdraw from a purchase, printed on receipts."""
    sheet_size: int = 100
    """TANs on a printed sheet."""
    partner_idle: int = 30
    """Minutes without a page until a partner must sign in again."""
    staff_idle: int = 10
    """The same for staff."""
    session_hours: int = 12
    """Hours after which everybody must sign in again."""
    step_up_minutes: int = 5
    """Minutes for which a code of the app lets staff move money and open accounts, before another one is asked for."""
    sms_per_day: int = 2000
    """Text messages that leave within 24 hours at the most, whoever they are for: what a stranger can make us pay."""
    security_level: int = 2
    """The level of a partner who has chosen none, 1 to 4."""
    security_matrix: str = STANDARD_GRADE
    """Which level a motive needs at least, from which amount on; lines of "motive amount level", amounts in minor units."""
    basic_most: int = 50_00
    """The largest purchase at level 1, in minor units."""
    rest_hours: int = 24
    """How long a new way, number or lower level rests before it counts, and how long a browser is new."""
    new_most: int = 50_00
    """The largest payment from a new browser, in minor units."""
    recovery_staff: int = 2
    """How many of the office must have seen the documents of a partner who lost every way: 2, or 1 in an office of one."""
    identity_staff: int = 1
    """How many of the office must have seen an identity document before it counts: 1 or 2."""
    recovery_hours: int = 72
    """How long he is held to small purchases afterwards."""
    recovery_cap: int = 50_00
    """What he may spend in that time in all, in minor units."""
    reconciliation_to: str = ""
    """E-mail addresses, with commas between them, that hear every day whether bank and books agree."""
    payout_fee: int = 0
    """What a pay-out costs the partner, in minor units."""
    payout_least: int = 1_00
    """The smallest pay-out, in minor units."""
    payout_countries: str = SEPA
    """Countries of bank accounts to which pay-outs go, in two letters each."""
    recall_days: int = 3
    """Banking days in which the bank can still take a transfer back: so long the order it pays is yellow."""
    cheque_days: int = 10
    """The same for a cheque; a top-up by cheque is reserved for so long."""
    place: str = ""
    """The company's town, which payment orders in Serbia name."""
    trust_from: str = ""
    """The day (YYYY-MM-DD) from which trust levels limit what partners move; empty: they do not."""
    trust_start: int = 0
    """The trust level of a partner who never got one."""
    trust_staff: int = 2
    """How many of the office it takes to change limits, to raise somebody or to make an exception: 2, or 1 in an office of one."""
    four_eyes_from: int = 1_000_00
    """From which amount on, in minor units, a transfer by the office needs somebody else of the office."""
    provision_alone_to: int = 1_000_00
    """Up to which amount, in minor units, one of the office alone books manual provisions; 0: it always takes two."""
    payout_purpose: str = ""
    """What pay-outs in Serbia are for, as its banks ask: three digits, 2xx (šifra plaćanja)."""
    delivery_days: int = 4
    """Days after which an order counts as delivered while nobody says when it was: the withdrawal period begins then."""
    commission_when: str = "hand"
    """When commissions are calculated: "hand", "green" (as soon as an order is), "week" or "month" (when that is over)."""
    commission_staff: int = 2
    """How many of the office it takes to book a commission run: 2, or 1 in an office of one."""
    plans_alone: int = 0
    """Whether one person alone may put a commission plan into force, which then stays visible: 1, or 0."""
    currencies: str = ""
    """Other currencies the company keeps wallets in, with spaces between them: RSD USD."""
    split_payments: int = 1
    """Whether an order may be paid from two wallets where no single one has enough: 1, or 0."""
    tree_depth: int = 3
    """So many levels of his own team a partner sees; 0: none."""
    country: str = ""
    """Where the company is taxed, in two letters; commission notes need it."""
    commission_vat: str = "gross"
    """Whether commissions contain the VAT of partners who charge it ("gross") or it comes on top ("net")."""
    rate_days: int = 7
    """Days for which a rate of the European Central Bank holds: it publishes none on weekends and holidays."""

    @property
    def kept_in(self) -> tuple[str, ...]:
        """Every currency wallets may be kept in, the company's own first."""
        return tuple(dict.fromkeys((self.currency, *self.currencies.split())))


class Rule(NamedTuple):
    """From this amount on (minor units of the company's currency) a motive needs at least this security level."""

    motive: str
    amount: int
    level: int


class NotAMatrix(Refused):
    """Facts: line."""

    says = N_("“%(line)s” is not a rule. Write what for, the amount in cents from which on it counts, and the level: purchase 50000 3")
    field = "security_matrix"


@cache
def matrix(text: str) -> tuple[Rule, ...]:
    """The rules of "purchase 0 1; transfer 0 2", sorted. Raises NotAMatrix."""
    return tuple(sorted(_rule(line) for line in text.replace("\n", ";").split(";") if line.strip()))


def _rule(line: str) -> Rule:
    typed = re.fullmatch(rf"({'|'.join(MOTIVES)}) ([0-9]{{1,11}}) ([1-4])", " ".join(line.split()))
    if not typed:
        raise NotAMatrix(line=line.strip()[:60])
    return Rule(typed[1], int(typed[2]), int(typed[3]))


class OtherKeys(Refused):
    says = N_(
        "The key file is not the one of these books: no password, code or seal can be checked with it. Put the right one in its place."
    )
    status = 503


_read: dict[int, Company] = {}
on_configure(_read.clear)


@within_action
def company() -> Company:
    """The settings in force. Read again only when a newer row exists, and looked for once in an action."""
    newest = int(one("SELECT coalesce(max(id), 0) FROM setting")[0])
    found = _read.get(newest)
    if found is None:
        kinds = {field.name: field.type for field in fields(Company)}
        values: dict[str, Any] = {key: int(value) if kinds[key] is int else value for key, value in rows(IN_FORCE) if key in kinds}
        _read.clear()
        found = _read[newest] = Company(**values)
    return found


def keys_fit() -> bool:
    """Whether the keys in use are those these books were begun with; books from before that was written down fit any.

    The first fingerprint of the present kind counts: what somebody adds later does not make other keys fit.
    """
    kept = [value for (value,) in rows("SELECT value FROM setting WHERE key = 'keys' ORDER BY id")]
    known = [value for value in kept if value.startswith(PRESENT)] or kept
    return not known or known[0] in (keys().fingerprint, keys().first_fingerprint)


def audit() -> Iterator[Problem]:
    """Whether what was hashed, sealed and encrypted can be checked at all."""
    if not keys_fit():
        yield Problem("A8", OtherKeys.says, {})


IN_FORCE = "SELECT key, value FROM setting WHERE id IN (SELECT max(id) FROM setting GROUP BY key)"
