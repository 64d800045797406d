"""Somebody rises by his steps and by the passing of days, falls when a step no longer counts, and is told of both."""

from datetime import timedelta

import pytest

from tests.cast import NOON, balance, eur
from tests.trust.sets import only
from vps.company.actions import change_settings
from vps.company.models import LANGUAGES
from vps.jobs.worker import render
from vps.kernel.authorisation import HOUSE, ByRule
from vps.kernel.clock import micros
from vps.kernel.database import one, rows, run
from vps.kernel.money import Money
from vps.kernel.settings import Settings
from vps.ledger.actions import set_up, voucher
from vps.post.actions import due
from vps.trust.actions.rising import settle_level, settle_levels
from vps.trust.actions.standing import steps_changed
from vps.trust.models import DEFAULT, IdentityStep, Rule, TrustLevel, earned, trusted
from vps.wallets.actions import credit
from vps.wallets.actions.excess import look_at_excess, settle_excess_of
from vps.wallets.models import Wallet

DAY = timedelta(days=1)
CONTACT = ("email", "mobile", "address", "birth")


@pytest.fixture
def anna(cast):
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    return cast.anna


def accept(person, *steps, expires_on=None, at=NOON):
    for step in steps:
        IdentityStep.create(person=person, step=step, value=person.email if step == "email" else step, asked_at=at, accepted_at=at,
                            expires_on=expires_on)  # fmt: skip
    steps_changed(person.id, at)


def level(person, at=NOON):
    who = trusted(person.id, at)
    return who.level.rank, who.source


def given(person, rank, source="office"):
    TrustLevel.create(person=person, level=rank, since=NOON, source=source, reason="seen")


def told(person):
    return [kind for (kind,) in rows("SELECT facts FROM outbox WHERE kind = 'trust' ORDER BY id") if '"name": "Anna' in kind]


def test_a_level_is_earned_only_with_all_below_it():
    steps = frozenset(CONTACT)

    assert earned(DEFAULT, frozenset(), timedelta()) == 0
    assert earned(DEFAULT, steps, timedelta()) == 1
    assert earned(DEFAULT, frozenset({"document", "iban"}), 40 * DAY) == 0
    assert earned(DEFAULT, steps | {"document", "iban"}, 30 * DAY - timedelta(microseconds=1)) == 2
    assert earned(DEFAULT, steps | {"document", "iban"}, 30 * DAY) == 3


def test_who_has_done_what_the_next_level_asks_for_rises_at_once_and_is_told(anna):
    accept(anna, *CONTACT[:3])
    assert level(anna) == (0, "start")

    accept(anna, CONTACT[3])

    assert level(anna) == (1, "steps")
    assert len(told(anna)) == 1 and '"risen": true' in told(anna)[0]
    assert settle_level(anna.id, NOON) is False and len(told(anna)) == 1


def test_a_level_that_came_from_steps_falls_with_them_and_no_money_is_taken(anna):
    accept(anna, *CONTACT)
    run("UPDATE identity_step SET withdrawn_at = ?, reason = 'moved' WHERE step = 'address'", micros(NOON + DAY))
    steps_changed(anna.id, NOON + DAY)

    assert level(anna, NOON + DAY) == (0, "steps")
    assert balance(anna) == eur(250_00) and Wallet.of(anna.id, "EUR").account.held == eur(100_00)
    assert '"risen": false' in told(anna)[1]


def test_what_was_held_is_free_as_soon_as_he_rises(anna):
    settle_excess_of(anna.id, NOON)
    assert Wallet.of(anna.id, "EUR").account.held == eur(100_00)

    accept(anna, *CONTACT)

    assert Wallet.of(anna.id, "EUR").account.held == eur(0)


def test_what_the_office_took_away_steps_do_not_bring_back(anna):
    accept(anna, *CONTACT)
    given(anna, 0)

    accept(anna, "document", expires_on=NOON.date())

    assert level(anna) == (0, "office")


def test_what_was_held_by_a_window_becomes_free_when_the_window_moved_on(anna):
    only(Rule("top-up", "month", 50_00))
    paper = voucher("test", "top-up", day=NOON.date())
    facts = {"source": "bank", "motive": "top-up", "voucher": paper, "key": "t", "authorisation": ByRule(HOUSE), "day": NOON.date()}
    credit(anna.id, eur(80_00), at=NOON, **facts)
    later = [NOON + 30 * DAY - timedelta(seconds=1), NOON + 30 * DAY]

    held = [(look_at_excess(at=at), Wallet.of(anna.id, "EUR").account.held) for at in later]

    assert held == [(0, eur(30_00)), (0, eur(0))]


def test_for_want_of_an_exchange_rate_no_money_that_comes_in_is_refused(anna):
    set_up(currency="RSD", at=NOON)
    paper = voucher("test", "top-up", day=NOON.date())
    facts = {"source": "bank", "motive": "top-up", "voucher": paper, "key": "t", "authorisation": ByRule(HOUSE), "day": NOON.date()}

    assert credit(anna.id, Money(1_00, "RSD"), at=NOON, **facts).credit_after == 1_00


@pytest.mark.parametrize("source", ["office", "import", "start"])
def test_a_level_that_was_given_is_never_taken_by_steps_but_can_be_risen_above(anna, source):
    given(anna, 2, source)
    accept(anna, *CONTACT)
    assert level(anna) == (2, source)

    run("UPDATE person SET joined_at = ? WHERE id = ?", micros(NOON - 31 * DAY), anna.id)
    accept(anna, "document", "iban")
    assert level(anna) == (3, "steps")

    run("UPDATE identity_step SET withdrawn_at = ?, reason = 'old' WHERE step = 'email'", micros(NOON))
    steps_changed(anna.id, NOON)
    assert level(anna) == (2, "steps")


def test_days_of_membership_raise_by_themselves_once_and_at_the_moment_they_are_reached(anna):
    accept(anna, *CONTACT, "document", "iban", expires_on=NOON.date() + 90 * DAY)
    assert level(anna) == (2, "steps")
    after = NOON + 30 * DAY

    assert [settle_levels(at=after - timedelta(seconds=1)), settle_levels(at=after), settle_levels(at=after)] == [0, 1, 0]
    assert level(anna, after) == (3, "steps")


def test_before_a_company_has_trust_levels_nobody_has_one(cast):
    accept(cast.anna, *CONTACT)

    assert settle_levels(at=NOON + 30 * DAY) == 0
    assert one("SELECT count(*) FROM trust_level")[0] == 0


def test_the_mail_about_another_level_names_it_in_the_recipients_language(house, tmp_path, subtests):
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    accept(house.anna, *CONTACT)
    accept(house.anna, "document", at=NOON + DAY)
    run("UPDATE identity_step SET withdrawn_at = ?, reason = 'moved' WHERE step = 'document'", micros(NOON + 2 * DAY))
    steps_changed(house.anna.id, NOON + 2 * DAY)
    mails = [facts for _, _, kind, _, _, facts in due(at=NOON + 2 * DAY) if kind == "trust"]
    named = {"en": "Identified", "de": "Identifiziert", "ru": "Личность установлена", "hr": "Identitet utvrđen", "sr": "Идентитет утврђен",
             "sr_Latn": "Identitet utvrđen"}  # fmt: skip

    assert [facts["risen"] for facts in mails] == [True, True, False]
    for language in LANGUAGES:
        with subtests.test(language):
            first, risen, fallen = (
                render(Settings(tmp_path, "", tmp_path / "keys"), "trust", key="k", address="a@example.com", language=language, facts=facts)
                for facts in mails
            )
            assert named[language] in risen.get_content() and named[language] not in first.get_content()
            assert "/me/trust" in fallen.get_content() and fallen["Subject"] != risen["Subject"]
            assert "%(" not in fallen.get_content() + risen.get_content()


def test_a_shrunk_set_takes_nobody_above_its_highest_level(anna):
    given(anna, 4)
    only(Rule("purchase", "each", 0))

    assert settle_level(anna.id, NOON) is False and level(anna)[0] == 0
