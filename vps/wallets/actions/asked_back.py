"""Money that went to the wrong partner: its sender asks, its recipient gives it back by a code or keeps it. Nothing is taken from anybody.

Source: the issue on wallets, "the sender asks back in one tap, the recipient agrees with a TAN, otherwise the office sees the case".
"""

from datetime import datetime

from vps.company.models import company
from vps.company.models.rates import exchanged
from vps.kernel.authorisation import Actor, ByStaff
from vps.kernel.clock import day_in, micros
from vps.kernel.database import action, insert, one
from vps.kernel.money import Money
from vps.kernel.refusals import N_, NotFound, Refused
from vps.kernel.text import clean_text, short_name
from vps.ledger.actions import NotEnoughCredit, record
from vps.post.actions import post
from vps.security.actions import ByTan
from vps.wallets.actions.excess import settle_excess
from vps.wallets.actions.four_eyes import must_be_nobody_of
from vps.wallets.actions.paying import WalletFrozen
from vps.wallets.actions.planning import PARTNER, Planned, receiving
from vps.wallets.actions.transfer_refusals import Changed, NothingArrives, Owing
from vps.wallets.actions.transfers import book_transfer
from vps.wallets.models import Purse, locked_purses, purses
from vps.wallets.models.asked_back import OUTCOMES, SILENCE, Case, case_of

KIND = "give back"
"""The kind of intent that gives a transfer back."""
LONGEST_TEXT = 300


class TooLateToAsk(Refused):
    says = N_("A transfer can be asked back for 14 days, and only while it was not reversed. Please call the office.")
    status = 409


class AnsweredAlready(Refused):
    says = N_("This was given back, reversed or closed by the office meanwhile. Nothing was moved.")
    status = 409


class NotReversedYet(Refused):
    says = N_("This transfer was not reversed. Reverse it first, or close the case with what was found.")
    field = "outcome"


@action
def ask_back(person: int, transfer: int, text: str, *, actor: Actor, at: datetime) -> int:
    """Ask for a transfer of one's own that went to the wrong partner, once, and answer the asking's id; nothing moves by it.

    Raises NotFound, TooLateToAsk.
    """
    words = clean_text(text, most=LONGEST_TEXT)
    case = case_of(transfer, person)
    if case is None or case.sender != person:
        raise NotFound
    if case.id is not None:
        return case.id
    if not case.may_be_asked(at):
        raise TooLateToAsk
    made = insert(ASK, transfer, micros(at), words)
    record(actor, "asked back", f"transfer:{transfer}", at=at, after=words)
    _tell(case, words, at)
    return made


def plan_back(case: Case, *, at: datetime, both: list[Purse] | None = None) -> Planned:
    """What giving back would be: all that arrived, without a fee, out of the wallet that it came into. No limit stops it.

    Raises AnsweredAlready, NotFound, WalletFrozen, Owing, NoRate, NothingArrives, NotEnoughCredit.
    """
    if not case.is_open:
        raise AnsweredAlready
    known = purses(case.sender, case.recipient) if both is None else both
    giver = next((each for each in known if each.account == case.target), None)
    if giver is None:
        raise NotFound
    getters = [each for each in known if each.person == case.sender]
    getter = next((each for each in getters if each.account == case.origin), None) or receiving(getters, giver.currency)
    if giver.frozen:
        raise WalletFrozen
    if giver.shortfall.is_positive:
        raise Owing(shortfall=giver.shortfall)
    arrives, rate = case.got, ""
    if giver.currency != getter.currency:
        change = exchanged(case.got, getter.currency, day=day_in(at, company().zone))
        arrives, rate = change.money, change.rate
        if not arrives.is_positive:
            raise NothingArrives(currency=getter.currency)
    missing = case.got - giver.available
    if missing.is_positive:
        raise NotEnoughCredit(available=max(giver.available, Money.zero(giver.currency)), missing=missing)
    return Planned(PARTNER, giver, getter, case.got, case.got, Money.zero(giver.currency), arrives, rate)


def subject_back(case: Case, planned: Planned) -> str:
    """What is confirmed beside the amount: to whom, for which transfer, and what arrives."""
    return f"{case.sender_number} {case.transfer} {planned.subject}"


def asked_in(subject: str) -> int:
    """The transfer that is given back, from what was confirmed."""
    return int(subject.split(" ", 2)[1])


@action
def give_back(*, authorisation: ByTan, at: datetime) -> int:
    """Give back what was confirmed by a code, and answer the new transfer's id; a resend finds it.

    Raises NotFound, Changed, and what `plan_back` raises.
    """
    person, shown = authorisation.changing(KIND), authorisation.snapshot
    assert shown.amount is not None
    transfer = asked_in(shown.subject)
    done = one(DONE, shown.nonce, person)
    if done:
        return int(done[0])
    authorisation.use_up(subject=shown.subject, amount=shown.amount, at=at)
    case = case_of(transfer, person)
    if case is None or case.recipient != person:
        raise NotFound
    # A reversal by the office locks the same wallets: whoever comes second sees what the first one did.
    both = locked_purses(case.sender, case.recipient)
    planned = plan_back(case_of(transfer) or case, at=at, both=both)
    if subject_back(case, planned) != shown.subject:
        raise Changed
    made = book_transfer(f"back:{transfer}", planned, message=case.message, actor=authorisation.actor, at=at, both=both)
    # Money in is never refused: what lies over what the sender may have is held.
    settle_excess([each for each in both if each.person == case.sender], at=at)
    intent = one("SELECT id FROM intent WHERE nonce = ?", shown.nonce)[0]
    if not one(GIVEN, micros(at), intent, made, transfer):
        raise AnsweredAlready
    record(authorisation.actor, "given back", f"transfer:{transfer}", at=at, after=str(planned.arrives))
    return made


@action
def keep_it(person: int, transfer: int, *, actor: Actor, at: datetime) -> None:
    """The recipient does not give it back; the office will look at it. Twice is once. Raises NotFound, AnsweredAlready."""
    case = case_of(transfer, person)
    if case is None or case.recipient != person or case.id is None:
        raise NotFound
    if case.declined_at:
        return
    if not one(KEEP, micros(at), transfer):
        raise AnsweredAlready
    record(actor, "giving back declined", f"transfer:{transfer}", at=at)


@action
def close_case(transfer: int, outcome: str, words: str, *, authorisation: ByStaff, at: datetime) -> None:
    """The office closes a case that the two did not settle by a press. Raises NotFound, NotYourOwn, NotReversedYet, AnsweredAlready."""
    assert outcome in OUTCOMES
    case = case_of(transfer)
    if case is None or case.id is None:
        raise NotFound
    must_be_nobody_of(authorisation.actor, case.sender, case.recipient)
    if outcome == "reversed" and case.reversed_at is None:
        raise NotReversedYet
    text = clean_text(words, most=1000, lines=True)
    if not one(CLOSE, micros(at), authorisation.actor.person, outcome, text, transfer, micros(at - SILENCE)):
        raise AnsweredAlready
    record(authorisation.actor, "asking back closed", f"transfer:{transfer}", at=at, after=text)


def _tell(case: Case, words: str, at: datetime) -> None:
    name, email, language = one("SELECT name, email, language FROM person WHERE id = ?", case.recipient)
    if email:
        facts = {"name": name, "who": f"{short_name(case.sender_name)}, {case.sender_number}", "minor": case.got.minor,
                 "currency": case.got.currency, "text": words, "transfer": case.transfer}  # fmt: skip
        post("asked_back", key=f"asked back:{case.transfer}", address=email, language=language, facts=facts, at=at)


ASK = "INSERT INTO asked_back (transfer_id, asked_at, text, note) VALUES (?, ?, ?, '')"
DONE = "SELECT k.back_id FROM asked_back k JOIN intent i ON i.id = k.intent_id WHERE i.nonce = ? AND i.person_id = ?"
GIVEN = (
    "UPDATE asked_back SET agreed_at = ?, intent_id = ?, back_id = ? WHERE transfer_id = ? AND agreed_at IS NULL AND looked_at IS NULL"
    " RETURNING id"
)
KEEP = "UPDATE asked_back SET declined_at = ? WHERE transfer_id = ? AND agreed_at IS NULL AND looked_at IS NULL RETURNING id"
CLOSE = (
    "UPDATE asked_back SET looked_at = ?, looked_by = ?, outcome = ?, note = ? WHERE transfer_id = ? AND agreed_at IS NULL"
    " AND looked_at IS NULL AND (declined_at IS NOT NULL OR asked_at <= ?) RETURNING id"
)
