"""A rule saying no, as one translatable sentence with named facts.

Rules and rows never speak a language: they raise a `Refused` whose class carries an English sentence
with named placeholders; the web (or the command line) says it in the reader's language.
"""

from typing import ClassVar


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate yet"
    """Mark a sentence for the catalogs and return it unchanged."""
    return sentence


class Phrase(str):
    """A fact that is a marked word of ours: it is said in the reader's language, what people typed is not."""

    __slots__ = ()


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Base of every refusal. `facts` may hold Money, instants, days, numbers, phrases and text; each is spoken in the reader's locale."""

    says: ClassVar[str] = N_("This did not work.")
    status: ClassVar[int] = 422
    field: ClassVar[str | None] = None
    """The form field this refusal belongs to, so that the page can show it there."""

    def __init__(self, **facts: object) -> None:
        super().__init__(self.says)
        self.facts = facts

    def __str__(self) -> str:
        return self.says % self.facts if self.facts else self.says


class NotFound(Refused):
    """What was asked for does not exist, or is not for this reader: the same answer, so that nothing can be guessed."""

    says = N_("There is nothing here, or it is not yours to see.")
    status = 404
