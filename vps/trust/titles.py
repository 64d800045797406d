"""What a trust level is called: as the company named it, else as the default set does, else by its number."""

from collections.abc import Callable, Mapping
from typing import Any

from vps.hypermedia.languages import reader, say
from vps.kernel.refusals import N_
from vps.trust.models import NAMES, Level

NEAR = {"sr_Latn": "sr"}
"""Whose name stands in where a language has none of its own."""


def title(level: Level) -> str:
    """A level's name in the language of whoever reads."""
    return titled(level.rank, dict(level.names), reader().language, say)


def titled(rank: int, names: Mapping[str, str], language: str, say: Callable[..., Any]) -> str:
    """The name of the level of this rank in a language that is spoken by `say`."""
    own = names.get(language) or names.get(NEAR.get(language, "en")) or names.get("en")
    if own:
        return own
    return str(say(NAMES[rank]) if rank < len(NAMES) else say(N_("Level %(number)s"), number=rank))
