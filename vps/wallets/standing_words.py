"""Standing transfers in the words of whoever reads them: how often, what is next, and what became of a day."""

from typing import NamedTuple

from vps.hypermedia import formats
from vps.hypermedia.languages import reader, say
from vps.kernel.refusals import N_
from vps.wallets.kept import facts_of
from vps.wallets.models import Standing
from vps.wallets.models.standing import Run
from vps.wallets.rhythm import EVERY, LAST, Rhythm
from vps.wallets.transfer_words import called


class Said(NamedTuple):
    """A state as it stands on a page: colour, word, and why."""

    css: str
    word: str
    why: str = ""


def how_often(rhythm: Rhythm) -> str:
    """'Every month, day 15, until 31.12.2027'."""
    if rhythm.every == "once":
        return say(N_("Once, on %(day)s"), day=rhythm.first_on)
    said = [say(EVERY[rhythm.every])]
    if rhythm.weekday:
        said.append(formats.weekday(rhythm.weekday, reader().language))
    if rhythm.day_of_month:
        said.append(say(N_("last day")) if rhythm.day_of_month == LAST else say(N_("day %(n)s"), n=rhythm.day_of_month))
    if rhythm.last_on:
        said.append(say(N_("until %(day)s"), day=rhythm.last_on))
    return ", ".join(said)


def whither(order: Standing, names: dict[int, str]) -> str:
    """Who gets it, or which of one's own wallets; `names` are those of one's wallets."""
    return names.get(order.to_wallet or 0, "") if order.own else called(order.name, order.number)


def state(order: Standing) -> Said:
    """Whether it goes on."""
    if order.ended:
        return Said("off", say(N_("Ended")))
    return Said("green", say(N_("Runs"))) if order.next_on else Said("off", say(N_("Over")))


def became(run: Run) -> Said:
    """What became of a day: made, or why not."""
    if run.refusal is None:
        return Said("green", say(N_("Made")))
    return Said("red", say(N_("Not made")), say(run.refusal["says"], **facts_of(run.refusal)))
