"""Proof that every code was worth exactly one thing (check A10): used TANs, posted intents and answered challenges belong together.

And that the secrets from which codes come, and passkeys, are their owners' (check A15).
"""

from collections.abc import Iterator

from vps.company.models import keys_fit
from vps.kernel.clock import micros
from vps.kernel.database import rows
from vps.kernel.keys import NotOurs, keys
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.security.models.passkeys import changed_passkeys
from vps.security.models.questions import intent_digest, is_serial_of
from vps.security.models.rows import TanSheet


def audit() -> Iterator[Problem]:
    """Every problem of TANs, intents, secrets and passkeys. Facts: id of the intent or passkey; serial number and index of the TAN; whose secret it is."""
    yield from _intents()
    for (intent,) in rows(POSTED_WITHOUT_CODE):
        yield _intent(N_("Intent %(id)s was posted, but no code or more than one was used for it."), intent)
    for (intent,) in rows(CODE_WITHOUT_POST):
        yield _intent(N_("Intent %(id)s was not posted, although a code was used for it."), intent)
    for (intent,) in rows(POSTED_WITHOUT_TAN):
        yield _intent(N_("Intent %(id)s was posted, but the TAN it was asked for was not used for it."), intent)
    for serial, n in rows(TAN_WITHOUT_INTENT):
        yield _tan(N_("TAN %(n)s of sheet %(serial)s was used for nothing that was asked and posted."), serial, n)
    yield from _activations()
    if keys_fit():  # with other keys nobody could tell
        yield from _secrets()


def _intents() -> Iterator[Problem]:
    for key, *facts, digest, cancelled_at, posted_at in rows(INTENTS):
        if intent_digest(*facts) != bytes(digest):
            yield _intent(N_("Intent %(id)s was changed: its digest does not match."), key)
        if cancelled_at is not None and posted_at is not None:
            yield _intent(N_("Intent %(id)s was both cancelled and posted."), key)


def _activations() -> Iterator[Problem]:
    # What no intent used can only be the two TANs that activated the sheet, in that moment.
    used: dict[int, list[tuple[int, int]]] = {}
    for sheet, n, used_at in rows(USED_ALONE):
        used.setdefault(sheet, []).append((n, used_at))
    for sheet in TanSheet.select().order_by(TanSheet.id):
        expected = {(n, micros(sheet.activated_at)) for n in sheet.proof()} if sheet.activated_at else set()
        for n in sorted({n for n, _ in set(used.get(sheet.id, [])) ^ expected}):
            yield _tan(N_("TAN %(n)s of sheet %(serial)s does not fit the sheet's activation."), sheet.serial, n)


def _secrets() -> Iterator[Problem]:
    for owner, person, secret in rows(APPS):
        if not _opens(secret, f"app:{owner}"):
            yield Problem("A15", N_("The app of %(person)s does not fit: its secret was not made for this account."), {"person": person})
    for owner, person, serial, secret in rows(SHEETS):
        if not (is_serial_of(owner, serial) and _opens(secret or b"", f"sheet:{serial}")):
            facts = {"serial": serial, "person": person}
            yield Problem("A15", N_("TAN sheet %(serial)s of %(person)s does not fit: its TANs were not made for this account."), facts)
    for passkey, person in changed_passkeys():
        facts = {"id": passkey, "person": person}
        yield Problem("A15", N_("Passkey %(id)s of %(person)s does not fit: it was not made for this account."), facts)


def _opens(secret: bytes, owner: str) -> bool:
    try:
        keys().decrypt(secret, owner=owner)
    except NotOurs:
        return False
    return True


def _intent(says: str, key: int) -> Problem:
    return Problem("A10", says, {"id": key})


def _tan(says: str, serial: str, n: int) -> Problem:
    return Problem("A10", says, {"serial": serial, "n": n})


INTENTS = "SELECT id, nonce, kind, subject, amount, currency, payee, digest, cancelled_at, posted_at FROM intent ORDER BY id"
POSTED_WITHOUT_CODE = (
    # Two codes only at the highest level, where one of them came by SMS.
    "SELECT i.id FROM intent i LEFT JOIN challenge c ON c.intent_id = i.id AND c.used_at IS NOT NULL WHERE i.posted_at IS NOT NULL"
    " GROUP BY i.id HAVING count(c.id) <> 1 + max(CASE WHEN c.way = 'sms' AND c.intent_id IN"
    " (SELECT d.intent_id FROM challenge d WHERE d.way IN ('sheet', 'app') AND d.used_at IS NOT NULL) THEN 1 ELSE 0 END) ORDER BY i.id"
)
CODE_WITHOUT_POST = (
    "SELECT DISTINCT i.id FROM intent i JOIN challenge c ON c.intent_id = i.id"
    " WHERE c.used_at IS NOT NULL AND i.posted_at IS NULL ORDER BY i.id"
)
POSTED_WITHOUT_TAN = (
    "SELECT i.id FROM intent i JOIN challenge c ON c.intent_id = i.id AND c.way = 'sheet' AND c.used_at IS NOT NULL"
    " LEFT JOIN tan t ON t.sheet_id = c.sheet_id AND t.n = c.n AND t.intent_id = i.id AND t.used_at IS NOT NULL"
    " WHERE i.posted_at IS NOT NULL AND t.n IS NULL ORDER BY i.id"
)
TAN_WITHOUT_INTENT = (
    "SELECT s.serial, t.n FROM tan t JOIN tan_sheet s ON s.id = t.sheet_id LEFT JOIN intent i ON i.id = t.intent_id"
    " LEFT JOIN challenge c ON c.intent_id = i.id AND c.sheet_id = t.sheet_id AND c.n = t.n WHERE t.intent_id IS NOT NULL"
    " AND (t.used_at IS NULL OR i.posted_at IS NULL OR i.posted_at <> t.used_at OR i.person_id <> s.person_id OR c.used_at IS NULL)"
    " ORDER BY s.serial, t.n"
)
USED_ALONE = "SELECT sheet_id, n, used_at FROM tan WHERE used_at IS NOT NULL AND intent_id IS NULL"
APPS = "SELECT a.person_id, coalesce(p.number, p.username), a.secret FROM app a JOIN person p ON p.id = a.person_id ORDER BY a.id"
SHEETS = (
    "SELECT s.person_id, coalesce(p.number, p.username), s.serial, s.secret FROM tan_sheet s JOIN person p ON p.id = s.person_id"
    " WHERE s.secret IS NOT NULL OR (s.activated_at IS NULL AND s.ended_at IS NULL) ORDER BY s.id"
)
