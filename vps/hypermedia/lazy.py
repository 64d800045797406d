"""Sentences of forms: classes are made before any reader is known, so their labels are said when they are shown."""

from markupsafe import escape

from vps.hypermedia.languages import say


class Lazy:
    """A sentence that is said in the language of whoever reads it at that moment."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __str__(self) -> str:
        return say(self.sentence)

    def __html__(self) -> str:
        return str(escape(str(self)))


def lazy(sentence: str) -> Lazy:
    return Lazy(sentence)
