"""What the office does with pay-outs, for tests: files made by a code, and what the bank's next statement says of them."""

from datetime import date
from types import SimpleNamespace

from tests.bank.camt_files import entry
from tests.bank.payouts import ask_for, usable
from tests.bank.test_import import BOOKED, file, take
from tests.cast import NOON, app_of, eur, sheet_of
from vps.bank.actions import Seen, draft_of, make_file, verdicts
from vps.bank.models import Payout, PayoutFile
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, rows

OURS = 1
"""The company's account."""


def open_desk(cast: SimpleNamespace) -> SimpleNamespace:
    """Dragan with an app; Anna with TANs and an account that can be used. Friday is a pay day, and it is Friday noon."""
    cast.totp, cast.desk = app_of(cast.dragan), Actor(cast.dragan.id, "192.0.2.9")
    sheet_of(cast.anna)
    cast.to = usable(cast, cast.anna, "AT611904300234573201")
    return cast


def asked(desk: SimpleNamespace, amount: int = 40_00, *, at=NOON) -> Payout:
    return ask_for(desk.anna, desk.to, amount, at=at)


def made(desk: SimpleNamespace, *, at=NOON, shown: str | None = None, code: str | None = None, actor: Actor | None = None) -> int:
    """The file that the page shows now."""
    who = actor or desk.desk
    seen = shown or draft_of(OURS, instant=False, actor=who, at=at).digest
    return make_file(OURS, instant=False, shown=seen, code=code or desk.totp.at(at), actor=who, at=at)


def debit(amount: str, *refs: str, account: str = "", text: str = "") -> str:
    """A line that takes money; `refs` are what the bank calls EndToEndId, or the message id of a batch."""
    return _line(amount, "DBIT", refs, account, text, "")


def credit(amount: str, *refs: str, account: str = "", text: str = "", reason: str = "") -> str:
    """A line that brings money."""
    return _line(amount, "CRDT", refs, account, text, reason)


def _line(amount: str, side: str, refs: tuple[str, ...], account: str, text: str, reason: str) -> str:
    role = "Cdtr" if side == "DBIT" else "Dbtr"
    number = f"<{role}Acct><Id><IBAN>{account}</IBAN></Id></{role}Acct>" if account else ""
    kinds = [(ref, "MsgId" if ref.startswith("VPS-") else "EndToEndId") for ref in refs]
    names = "".join(f"<{kind}>{ref}</{kind}>" for ref, kind in kinds)
    why = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    inside = f"<Refs>{names}</Refs><RltdPties>{number}</RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf>{why}"
    return entry(amount, side, inner=f"{BOOKED}<NtryDtls><TxDtls>{inside}</TxDtls></NtryDtls>")


_count = iter(range(100, 10**6))


def statement(*lines: str) -> None:
    """The next statement of the account."""
    take(file(*lines, number=str(next(_count))))


def message(file: int) -> str:
    return str(PayoutFile.get_by_id(file).message_id)


def again(payout: Payout) -> Payout:
    return Payout.get_by_id(payout.id)


def kinds() -> list[str]:
    """What lines turned out to be."""
    return [kind for (kind,) in rows("SELECT kind FROM line_claim WHERE undone_at IS NULL ORDER BY id")]


def guesses() -> list[tuple[str, int, str]]:
    """What the last line might be."""
    account, day, valued, minor, party_account, text, refs, reason = one(
        "SELECT s.account, l.booked_on, l.value_date, l.unclear, l.party_account, l.text, l.refs, l.reason FROM bank_line l"
        " JOIN bank_statement s ON s.id = l.statement_id ORDER BY l.id DESC LIMIT 1"
    )
    days = date.fromisoformat(day), date.fromisoformat(valued)
    seen = Seen(account, *days, eur(minor), "", party_account, text, tuple(filter(None, refs.split("\n"))), reason, "", False)
    return [(found.kind, found.target, found.says) for found in verdicts([seen])[0].guesses]
