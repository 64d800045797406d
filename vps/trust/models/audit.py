"""Proof that every picture of a document is there as it was kept, and that its key is its own (check A18); and that trust levels can be read."""

from collections.abc import Iterator

from vps.company.models import keys_fit
from vps.kernel.database import rows
from vps.kernel.problems import Problem
from vps.kernel.refusals import N_
from vps.trust import files
from vps.trust.models.levels import LevelsUnreadable, levels_of


def audit() -> Iterator[Problem]:
    """Every version of the level set that is damaged; every picture that is gone, changed, or opens with no key of ours."""
    for version, body in rows("SELECT id, body FROM level_set ORDER BY id"):
        try:
            levels_of(body)
        except LevelsUnreadable:
            yield Problem("A13", N_("Version %(id)s of the trust levels cannot be read."), {"id": version})
    fit = keys_fit()  # with other keys nobody could tell
    for document, n, name, size, digest, secret, person in rows(KEPT):
        facts = {"document": document, "n": n, "person": person}
        if not files.is_whole(name, size, digest):
            yield Problem("A18", N_("Photo %(n)s of document %(document)s of %(person)s is gone or was changed."), facts)
        elif fit and not files.opens(name, secret):
            yield Problem(
                "A18", N_("Photo %(n)s of document %(document)s of %(person)s does not open: its key was not made for it."), facts
            )


def pictures_kept() -> tuple[int, int]:
    """How many pictures there should be, and how many of them are not there; their content is looked at by the audit."""
    names = [name for (name,) in rows("SELECT name FROM identity_picture WHERE secret IS NOT NULL")]
    return len(names), sum(not (files.folder() / name).is_file() for name in names)


KEPT = (
    "SELECT d.id, i.n, i.name, i.size, i.sha256, i.secret, coalesce(p.number, p.username) FROM identity_picture i"
    " JOIN identity_document d ON d.id = i.document_id JOIN person p ON p.id = d.person_id WHERE i.secret IS NOT NULL ORDER BY d.id, i.n"
)
