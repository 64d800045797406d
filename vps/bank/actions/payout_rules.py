"""Standing orders: everything above an amount goes out every week on one of the company's pay days, by itself."""

from datetime import date, datetime

from vps.bank.actions.payouts import KIND as PAYOUT
from vps.bank.actions.payouts import Planned, fee_in, least_in, make_payout, paying_account, reached
from vps.bank.models import Ours, Payee, bank_accounts, payee_numbered, payee_of
from vps.bank.paydays import weekdays_due
from vps.company.models import company
from vps.company.models.rates import NoRate
from vps.kernel.amounts import MOST
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, insert, locked, one, rows, run
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.people.actions import note
from vps.post.actions import post
from vps.post.refusals import kept
from vps.security.actions import ByTan
from vps.security.models import VIEW, is_frozen, payer
from vps.trust.actions.limits import LimitReached
from vps.wallets.actions import must_have_room, used_by
from vps.wallets.models import MAIN, Purse, locked_purses

KIND = "pay-out rule"
"""The kind of intent that sets one."""
AT_ONCE = 500
"""Pay-outs that one look makes; the next look makes the rest."""


class NotAPayDay(Refused):
    says = N_("The company does not pay out on this day. Please choose one of the list.")
    field = "weekday"


class RuleAccountGone(Refused):
    says = N_("This bank account does not stand in your list any more. Nothing was set.")
    status = 409


def subject_of(payee: Payee, above: Money, weekday: int) -> str:
    """What is confirmed for a standing order: account, amount that stays, weekday."""
    return f"{payee.number} {above.minor} {above.currency} {weekday}"


def must_be_pay_day(payee: Payee, currency: str, weekday: int) -> None:
    """Raise NotAPayDay unless the company pays to this account on this day of the week."""
    ours = paying_account(currency, payee.kind)
    if ours is None or str(weekday) not in ours.pay_days:
        raise NotAPayDay


@action
def set_rule(*, authorisation: ByTan, at: datetime) -> int:
    """Set the standing order that was confirmed; one that was there before ends. Raises RuleAccountGone, NotAPayDay, CodeRefused."""
    person, shown = authorisation.changing(KIND), authorisation.snapshot
    done = one(DONE, shown.nonce)
    if done:
        return int(done[0])
    authorisation.use_up(subject=shown.subject, amount=None, at=at)
    number, minor, currency, weekday = shown.subject.split(" ")
    payee = payee_numbered(person, number)
    if payee is None or payee.holder != shown.payee:
        raise RuleAccountGone
    must_be_pay_day(payee, currency, int(weekday))
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    run(END, micros(at), person, currency)
    intent = int(one("SELECT id FROM intent WHERE nonce = ?", shown.nonce)[0])
    made = insert(MAKE, person, payee.id, int(minor), currency, int(weekday), micros(at), intent)
    note(authorisation.actor, "pay-out rule made", person, at=at, after=f"{Money(int(minor), currency)} {payee.masked}")
    return made


@action
def end_rule(person: int, currency: str, *, actor: Actor, at: datetime) -> None:
    """End a partner's standing order; twice is once."""
    if run(END, micros(at), person, currency).rowcount:
        note(actor, "pay-out rule ended", person, at=at)


def follow_rules(*, at: datetime) -> int:
    """Make the pay-outs that are due today and were not made yet, before the cut-off; answers how many.

    Nothing leaves a wallet that is frozen or whose owner may not pay now or owes something, nor for an account that rests. Where a
    limit of his trust level stands in the way, he is told which one, and it is tried again on the next day of the standing order.
    """
    made = 0
    for ours in bank_accounts():
        day, weekdays = weekdays_due(ours.pay_days, at=at, cutoff=ours.cutoff, zone=company().zone)
        for rule, person, payee, above in _due(ours, day, weekdays, at):
            made += _follow(rule, person, payee, Money(above, ours.currency), day, at=at)
    return made


@action
def _follow(rule: int, person: int, payee: int, above: Money, day: date, *, at: datetime) -> bool:
    one(locked("SELECT id FROM person WHERE id = ?"), person)
    mine = locked_purses(person)
    to, has, who = payee_of(person, payee), next((each for each in mine if is_main(each, above.currency)), None), payer(person, at)
    if not to or not has or not one(STANDS, rule, day.isoformat(), day.isoformat()) or is_frozen(person) or who.held or who.level == VIEW:
        return False
    if has.frozen or not has.paid_out or any(each.shortfall.is_positive for each in mine):
        return False
    fee = fee_in(above.currency)
    amount = min(has.available - above - fee, Money(MOST, above.currency))
    if amount < least_in(above.currency):
        return False
    try:
        must_have_room(person, PAYOUT, amount, at=at)
    except (LimitReached, NoRate) as refusal:
        _skip(rule, person, day, refusal, at)
        return False
    make_payout(person, Planned(to, amount, fee, day), rule=rule, actor=HOUSE, at=at)
    return True


def _skip(rule: int, person: int, day: date, refusal: Refused, at: datetime) -> None:
    run(SKIP, day.isoformat(), rule)
    note(HOUSE, "pay-out rule skipped", person, at=at)
    name, email, language, zone = one("SELECT name, email, language, zone FROM person WHERE id = ?", person)
    if email:
        facts = {"name": name, "zone": zone, "refusal": kept(refusal)}
        post("skipped", key=f"payout rule:{rule}:{day.isoformat()}", address=email, language=language, facts=facts, at=at)


def is_main(wallet: Purse, currency: str) -> bool:
    """Whether pay-outs in a currency leave this wallet."""
    return wallet.kind == MAIN and wallet.currency == currency


@used_by
def pays_out(wallet: Purse) -> bool:
    """Whether a standing order or a pay-out that is on its way needs this wallet."""
    return is_main(wallet, wallet.currency) and one(USED, *(wallet.person, wallet.currency) * 2) is not None


def _due(ours: Ours, day: date, weekdays: list[int], at: datetime) -> list[tuple[int, int, int, int]]:
    kinds = [kind for kind in reached(ours.pay_format) if (first := paying_account(ours.currency, kind)) and first.id == ours.id]
    if not weekdays or not kinds:
        return []
    sql = DUE.format(", ".join("?" * len(weekdays)), ", ".join("?" * len(kinds)))
    spare = (fee_in(ours.currency) + least_in(ours.currency)).minor
    return rows(sql, ours.currency, *weekdays, *kinds, micros(at), spare, day.isoformat(), day.isoformat(), AT_ONCE)


DONE = "SELECT r.id FROM payout_rule r JOIN intent i ON i.id = r.intent_id WHERE i.nonce = ?"
END = "UPDATE payout_rule SET ended_at = ? WHERE person_id = ? AND currency = ? AND ended_at IS NULL"
MAKE = "INSERT INTO payout_rule (person_id, payee_id, above, currency, weekday, made_at, intent_id) VALUES (?, ?, ?, ?, ?, ?, ?)"
STANDS = (
    "SELECT 1 FROM payout_rule r JOIN person p ON p.id = r.person_id AND p.closed_at IS NULL WHERE r.id = ? AND r.ended_at IS NULL"
    " AND (r.skipped_on IS NULL OR r.skipped_on <> ?)"
    " AND NOT EXISTS (SELECT 1 FROM payout o WHERE o.rule_id = r.id AND o.day = ?)"
)
SKIP = "UPDATE payout_rule SET skipped_on = ? WHERE id = ?"
DUE = (
    "SELECT r.id, r.person_id, r.payee_id, r.above FROM payout_rule r JOIN payee_account k ON k.id = r.payee_id"
    " JOIN wallet w ON w.person_id = r.person_id AND w.currency = r.currency AND w.kind = 'main' AND w.closed_at IS NULL JOIN account a ON a.id = w.account_id"
    " WHERE r.ended_at IS NULL AND r.currency = ? AND r.weekday IN ({}) AND k.kind IN ({}) AND k.ended_at IS NULL AND k.usable_from <= ?"
    " AND a.balance - a.reserved - a.floor >= r.above + ? AND NOT EXISTS (SELECT 1 FROM payout p WHERE p.rule_id = r.id AND p.day = ?)"
    " AND (r.skipped_on IS NULL OR r.skipped_on <> ?)"
    " AND NOT EXISTS (SELECT 1 FROM wallet_freeze f WHERE f.person_id = r.person_id AND f.lifted_at IS NULL) ORDER BY r.id LIMIT ?"
)
USED = (
    "SELECT 1 FROM payout_rule WHERE person_id = ? AND currency = ? AND ended_at IS NULL UNION ALL SELECT 1 FROM payout WHERE person_id = ?"
    " AND currency = ? AND executed_at IS NULL AND withdrawn_at IS NULL AND refused_at IS NULL AND returned_at IS NULL LIMIT 1"
)
