"""Level sets for tests."""

from tests.cast import NOON
from vps.trust.models import Level, LevelSet, Rule, body_of


def only(*rules: Rule, **facts: object) -> None:
    """One level, of which these are all rules."""
    level = Level(
        0,
        (),
        (),
        0,
        facts.get("most_balance"),
        rules,
        tuple(facts.get("gaps", ())),
        facts.get("first_payee"),
        tuple(facts.get("security", ())),
    )
    LevelSet.create(body=body_of((level,)), since=NOON)
