"""What is asked about transfers: the rule in force, who was sent something before, and one transfer by what it was made for."""

from datetime import datetime, timedelta
from typing import NamedTuple

from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.kernel.money import Money

FIRST = timedelta(hours=24)
"""How long somebody is new to whoever sends him something."""


class Rule(NamedTuple):
    """What transfers from wallets of a kind must keep to, and cost; amounts in minor units of the wallet's currency."""

    least: int
    most: int | None
    multiple: int
    fee: int
    fee_bp: int
    on_top: bool

    def costs(self, amount: Money) -> Money:
        """The fee, its percentage rounded half up on the amount."""
        return Money(self.fee + (amount.minor * self.fee_bp * 2 + 10_000) // 20_000, amount.currency)


ANY = Rule(1, None, 1, 0, 0, True)
"""What holds where the company has written no rule: any amount, free of charge."""


def rule_of(kind: str, whose: str, currency: str) -> Rule:
    """The rule in force for transfers from a kind of wallet, between one's own wallets or partners."""
    row = one(RULE, kind, whose, currency)
    return Rule(row[0], row[1], row[2], row[3], row[4], bool(row[5])) if row else ANY


def rules_of(whose: str) -> dict[tuple[str, str], Rule]:
    """All rules in force between one's own wallets or partners, by kind of wallet and currency."""
    return {(kind, currency): Rule._make((*facts, bool(on_top))) for kind, currency, *facts, on_top in rows(RULES, whose)}


def sent_to_new(sender: int, recipient: int, at: datetime) -> list[Money] | None:
    """What went from one to the other since the first time, if that was less than 24 hours ago or never; None: they are old acquaintances."""
    first = one(FIRST_TIME, sender, recipient)
    if first and at >= instant(first[0]) + FIRST:
        return None
    return [Money(int(minor), currency) for currency, minor in rows(SENT, sender, recipient, micros(at - FIRST))]


def is_new_to(sender: int, recipient: int) -> bool:
    """Whether one never sent the other anything himself."""
    return one(EVER, sender, recipient) is None


def transfer_by_key(key: str) -> int | None:
    """The id of the transfer that was made for this."""
    row = one("SELECT id FROM transfer WHERE key = ?", key)
    return int(row[0]) if row else None


RULE = (
    "SELECT least, most, multiple, fee, fee_bp, on_top FROM transfer_rule WHERE kind = ? AND whose = ? AND currency = ?"
    " ORDER BY id DESC LIMIT 1"
)
RULES = (
    "SELECT kind, currency, least, most, multiple, fee, fee_bp, on_top FROM transfer_rule WHERE id IN"
    " (SELECT max(id) FROM transfer_rule WHERE whose = ? GROUP BY kind, currency)"
)
FIRST_TIME = "SELECT made_at FROM transfer WHERE sender_id = ? AND recipient_id = ? ORDER BY id LIMIT 1"
EVER = "SELECT 1 FROM transfer WHERE sender_id = ? AND recipient_id = ? AND kind = 'partner' LIMIT 1"
SENT = (
    "SELECT currency, CAST(sum(amount) AS bigint) FROM transfer WHERE sender_id = ? AND recipient_id = ? AND made_at > ?"
    " AND reversed_at IS NULL GROUP BY currency"
)
