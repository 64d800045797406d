"""Files that were found in a folder wait for somebody of the office, who looks at what they would become, or sets them aside."""

import json
from datetime import datetime
from hashlib import sha256

from vps.bank.actions.planning import checked
from vps.bank.actions.uploads import Uploaded, upload_file
from vps.bank.archive import shown as fit_to_show
from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import action, insert, one, run
from vps.kernel.refusals import NotFound, Refused
from vps.ledger.actions import record


def wait_file(content: bytes, name: str, *, at: datetime) -> int:
    """Keep a file until somebody looks at it, each content once, and say what is wrong with it if it cannot be read. Answers its id."""
    refused = None
    try:
        checked(content, name)
    except Refused as refusal:
        refused = json.dumps([refusal.says, {fact: str(value) for fact, value in refusal.facts.items()}])
    return _keep(sha256(content).digest(), fit_to_show(name), content, refused, at=at)


def upload_waiting(key: int, *, actor: Actor, at: datetime) -> Uploaded:
    """Upload a file that waits, as if this member of staff had sent it. Raises NotFound, and what `upload_file` raises."""
    found = one("SELECT name, content FROM waiting_file WHERE id = ? AND done_at IS NULL", key)
    if found is None:
        raise NotFound
    made = upload_file(bytes(found[1]), found[0], actor=actor, at=at)
    if made.key is None:
        _over(key, at=at)
    return made


@action
def set_aside(key: int, *, actor: Actor, at: datetime) -> None:
    """Nobody needs this file. Raises NotFound."""
    found = one("SELECT name FROM waiting_file WHERE id = ? AND done_at IS NULL", key)
    if found is None:
        raise NotFound
    _over(key, at=at)
    record(actor, "file set aside", f"waiting file:{key}", at=at, before=found[0])


@action
def _keep(digest: bytes, name: str, content: bytes, refused: str | None, *, at: datetime) -> int:
    known = one("SELECT id FROM waiting_file WHERE digest = ?", digest)
    return int(known[0]) if known else insert(KEEP, digest, name, content, micros(at), refused)


@action
def _over(key: int, *, at: datetime) -> None:
    run("UPDATE waiting_file SET done_at = ? WHERE id = ?", micros(at), key)


KEEP = "INSERT INTO waiting_file (digest, name, content, found_at, refused) VALUES (?, ?, ?, ?, ?)"
