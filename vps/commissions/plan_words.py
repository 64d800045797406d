"""What the office reads instead of the keys and words of a plan's document."""

from vps.hypermedia.languages import say
from vps.kernel.refusals import N_

KINDS = {
    "unilevel": N_("Levels above the seller"),
    "differential": N_("Difference of percents"),
    "generation": N_("Generations of leaders"),
    "tier": N_("Tiers by volume"),
    "matching": N_("Match of others’ bonuses"),
    "binary": N_("Weaker of two legs"),
    "matrix": N_("Levels of a matrix"),
}
KEYS = {
    "name": N_("Title"),
    "currency": N_("Currency"),
    "rounding": N_("Rounding"),
    "point_value": N_("Worth of a point"),
    "over_100": N_("May pay more than 100 %"),
    "breakaway": N_("Breaks away from rank"),
    "active": N_("Active with"),
    "ranks": N_("Rank"),
    "bonuses": N_("Bonus"),
    "cap": N_("At most"),
    "payee": N_("for one partner and period"),
    "percent_of_sales": N_("percent of all sales"),
    "own": N_("own volume"),
    "own_points": N_("own points"),
    "group": N_("group volume"),
    "group_points": N_("points of the group"),
    "legs": N_("legs"),
    "count": N_("number"),
    "volume": N_("volume"),
    "within": N_("looked for in"),
    "code": N_("Short word"),
    "percent": N_("Percent"),
    "needs": N_("needs"),
    "kind": N_("Kind"),
    "wallet": N_("Kind of wallet"),
    "of": N_("Pays for"),
    "round": N_("Rounded"),
    "compress": N_("Skipped"),
    "level_1": N_("Level 1 is"),
    "levels": N_("Plan level"),
    "rank": N_("Rank"),
    "rates": N_("Percents by"),
    "over": N_("Held against the tiers"),
    "on": N_("Paid on"),
    "from": N_("Begins so many levels above the seller"),
    "mode": N_("Method"),
    "tiers": N_("Tier"),
    "volume_tiers": N_("Tier"),
    "leader": N_("Leaders from rank"),
    "of_bonuses": N_("Matches the bonuses"),
    "pair": N_("Volume of a pair"),
    "fixed": N_("fixed"),
    "carry": N_("What was not paired"),
    "ratio": N_("Ratio of the legs"),
    "depth": N_("Depth"),
    "width": N_("Width"),
    "sequence": N_("Sequence"),
}
"""By key of the document; keys it does not know are shown as they stand."""
CHOICES = {
    "rounding": {"half up": N_("commercial"), "half even": N_("to the even cent"), "down": N_("down")},
    "of": {"amount": N_("money"), "points": N_("points")},
    "round": {"line": N_("each line"), "sum": N_("once, then shared out")},
    "compress": {"none": N_("nobody"), "inactive": N_("who is not active"), "unqualified": N_("who has not the rank either")},
    "level_1": {"sponsor": N_("the sponsor"), "seller": N_("the seller")},
    "rates": {"rank": N_("rank"), "volume": N_("volume")},
    "over": {"order": N_("one order"), "own": N_("own volume"), "group": N_("group volume")},
    "on": {"own": N_("own volume"), "group": N_("group volume")},
    "mode": {
        "greater of": N_("less the highest below"),
        "sum": N_("less the next one below"),
        "flat": N_("the tier reached, for everything"),
        "split": N_("each tier for its part"),
    },
    "carry": {"keep": N_("is carried over"), "flush": N_("is lost")},
    "ratio": {"1 1": "1 : 1", "1 2": "1 : 2", "2 1": "2 : 1"},
    "within": {"leg": N_("the whole leg"), "frontline": N_("the first line")},
}
"""The words a key can have, in the order of the document's own; the first is what counts when nothing stands there."""


def key(word: str) -> str:
    """What a key of the document is called."""
    return say(KEYS[word]) if word in KEYS else word


def choice(word: str, value: str) -> str:
    """What one of a key's words means."""
    found = CHOICES.get(word, {}).get(value)
    return say(found) if found else value


def kind(word: str) -> str:
    """What a kind of bonus is called."""
    return say(KINDS[word]) if word in KINDS else word


def place_of(place: tuple[str | int, ...]) -> str:
    """Where a fact of the document stands: “Bonus levels · Plan level 2”."""
    parts: list[str] = []
    for at, each in enumerate(place):
        named = isinstance(each, int) or (place[at - 1 : at] in (("ranks",), ("bonuses",)) and each != "sequence")
        if named:
            parts[-1] = f"{parts[-1]} {each}"
        else:
            parts.append(key(str(each)))
    return " · ".join(parts)


def value_of(place: tuple[str | int, ...], value: str | None) -> str:
    """A fact as people read it."""
    if value is None:
        return "–"
    last = str(place[-1])
    if last == "kind":
        return kind(value)
    if last == "over_100":
        return say(N_("yes")) if value == "yes" else say(N_("no"))
    return choice(last, value)
