"""Transfers in the words of whoever reads them: who is on the other side, which wallet, and what a transfer must keep to."""

import json
from collections.abc import Iterable

from vps.hypermedia import formats
from vps.hypermedia.languages import reader, say, spoken
from vps.kernel.amounts import decimal_sign
from vps.kernel.database import rows
from vps.kernel.money import Money
from vps.kernel.refusals import N_
from vps.kernel.text import short_name
from vps.wallets.actions import Agreed, Planned
from vps.wallets.models import MAIN, Asking, Moved, Purse, Rule
from vps.wallets.models.moved import OWN


def called(name: str, number: str) -> str:
    """'Petra M., 20471': as much of a partner as another one sees."""
    return ", ".join(filter(None, (short_name(name), number)))


def asks(asked: Asking) -> str:
    """Who asks for how much, in a line."""
    return say(N_("%(who)s asks for %(amount)s"), who=called(asked.asker_name, asked.asker_number), amount=asked.amount)


def kinds_of(moves: Iterable[Moved]) -> dict[str, str]:
    """The kinds of wallets that stand in these transfers, named once for all of them."""
    return kind_names({kind for each in moves if each.kind == OWN for kind in (each.from_kind, each.to_kind)})


def with_whom(move: Moved, kinds: dict[str, str], *, incoming: bool) -> str:
    """The other side of a transfer, as its owner's statement says it; `kinds` are those of `kinds_of`."""
    if move.kind == OWN and incoming:
        return say(N_("From: %(wallet)s"), wallet=_wallet(move.from_wallet, move.from_kind, move.sent.currency, kinds))
    if move.kind == OWN:
        return say(N_("To: %(wallet)s"), wallet=_wallet(move.to_wallet, move.to_kind, move.got.currency, kinds))
    if incoming:
        return say(N_("from %(who)s"), who=called(move.sender_name, move.sender_number)) if move.sender else say(N_("by the office"))
    return say(N_("to %(who)s"), who=called(move.recipient_name, move.recipient_number)) if move.recipient else say(N_("by the office"))


def wallet_names(wallets: list[Purse]) -> dict[int, str]:
    """What each wallet is called: by its owner, or else by its kind; and its currency."""
    kinds = kind_names({each.kind for each in wallets})
    return {each.wallet: _wallet(each.name, each.kind, each.currency, kinds) for each in wallets}


def kind_names(kinds: set[str]) -> dict[str, str]:
    """Kinds of wallets in the reader's language; of the one that everybody has, without asking the database."""
    found = {MAIN: say(N_("Main wallet"))}
    others = sorted(kind for kind in kinds if kind and kind != MAIN)
    language = reader().language
    for code, names in rows(NAMES.format(", ".join("?" * len(others))), *others) if others else ():
        named = json.loads(names)
        found[code] = named.get(language) or named.get("en") or code
    return found


def terms(rule: Rule, currency: str) -> str:
    """What a transfer must keep to and costs, in one line."""

    def money(minor: int) -> str:
        return str(spoken(Money(minor, currency)))

    said = [say(N_("at least %(amount)s"), amount=money(rule.least)) if rule.least > 1 else ""]
    said.append(say(N_("at most %(amount)s"), amount=money(rule.most)) if rule.most else "")
    said.append(say(N_("in steps of %(amount)s"), amount=money(rule.multiple)) if rule.multiple > 1 else "")
    fee = [money(rule.fee)] if rule.fee else []
    fee += [formats.percent(rule.fee_bp, reader().language)] if rule.fee_bp else []
    said.append(say(N_("fee %(fee)s"), fee=" + ".join(fee)) if fee else say(N_("no fee")))
    said.append(say(N_("the fee is taken out of the amount")) if fee and not rule.on_top else "")
    return " · ".join(filter(None, said))


def rate_line(move: Moved | Agreed | Planned) -> str:
    """'1 EUR = 117,5 RSD', for what was exchanged."""
    sent, got = (move.sent, move.got) if isinstance(move, Moved) else (move.sent, move.arrives)
    return f"1 {sent.currency} = {move.rate.replace('.', decimal_sign(reader().language))} {got.currency}"


def _wallet(name: str, kind: str, currency: str, kinds: dict[str, str]) -> str:
    return f"{name or kinds.get(kind, kind)}, {currency}"


NAMES = "SELECT code, names FROM wallet_kind WHERE code IN ({})"
