"""A partner hears by mail of every booking on his wallet from the amount on that he chose; written with the booking or not at all."""

from datetime import date
from types import SimpleNamespace

import pytest

from tests.cast import NOON, eur, give
from vps.company.models import LANGUAGES
from vps.hypermedia.languages import Words
from vps.jobs.rendering import render
from vps.kernel.authorisation import HOUSE, Actor, ByRule, ByStaff
from vps.kernel.database import database, one, rows, run
from vps.kernel.settings import Settings
from vps.ledger.actions import NotEnoughCredit, set_up, voucher
from vps.people.actions import who_freezes
from vps.post.actions import due
from vps.wallets.actions import Slip, credit, pay_out, reverse_by_hand, spend, tell_from, top_up
from vps.wallets.words import why


@pytest.fixture
def told_from_50(cast) -> SimpleNamespace:
    tell_from(cast.anna.id, eur(50_00), actor=Actor(cast.anna.id, "192.0.2.1"), at=NOON)
    return cast


def posted():
    """What the mails about bookings say: signed amount, balance after, motive."""
    found = [message[5] for message in due(NOON, limit=100) if message[2] == "booking"]
    return [(facts["minor"], facts["after"], facts["motive"]) for facts in found]


def pay(person, minor, key):
    paper = voucher("test", key, day=date(2026, 11, 20))
    return spend(person.id, eur(minor), voucher=paper, key=key, at=NOON, authorisation=ByRule(Actor(person.id)))


def slip(number):
    return Slip(number, date(2026, 11, 20), "Anna", "Cash")


def staff(cast):
    return ByStaff(Actor(cast.dragan.id))


def test_a_payment_of_the_amount_is_told_and_a_smaller_one_is_not(told_from_50):
    pay(told_from_50.anna, 49_99, "small")
    pay(told_from_50.anna, 50_00, "just")

    assert posted() == [(-50_00, 150_01, "purchase")]


def test_money_that_comes_in_or_goes_out_by_hand_or_is_taken_back_is_told(told_from_50):
    anna = told_from_50.anna
    booked = top_up(anna.id, eur(60_00), slip("B 1"), authorisation=staff(told_from_50), at=NOON)
    paid = pay_out(anna.id, eur(70_00), slip("B 2"), authorisation=staff(told_from_50), at=NOON)
    reverse_by_hand(anna.id, booked.id, reason="Wrong", authorisation=staff(told_from_50), at=NOON)
    reverse_by_hand(anna.id, paid.id, reason="Wrong", authorisation=staff(told_from_50), at=NOON)

    assert posted() == [(60_00, 310_00, "top-up"), (-70_00, 240_00, "pay-out"), (-60_00, 180_00, "top-up"), (70_00, 250_00, "pay-out")]


def test_a_booking_that_is_sent_again_is_told_once(told_from_50):
    for _ in range(2):
        pay(told_from_50.anna, 50_00, "same")
        top_up(told_from_50.anna.id, eur(60_00), slip("B 1"), authorisation=staff(told_from_50), at=NOON)

    assert len(posted()) == 2


def test_what_is_refused_is_not_told(told_from_50):
    with pytest.raises(NotEnoughCredit):
        pay(told_from_50.anna, 999_00, "too much")

    assert posted() == []


def test_who_asked_for_none_or_has_no_mailbox_is_told_nothing(told_from_50):
    tell_from(told_from_50.anna.id, None, actor=Actor(told_from_50.anna.id), at=NOON)
    give(told_from_50.anna, 900_00)
    tell_from(told_from_50.boris.id, eur(1), actor=Actor(told_from_50.boris.id), at=NOON)
    give(told_from_50.boris, 900_00)

    assert posted() == []


def test_another_currency_is_not_compared(told_from_50):
    set_up(currency="RSD", at=NOON)
    paper = voucher("opening", "rsd", day=date(2026, 11, 1))
    amount = eur(9_000_00).__class__(9_000_00, "RSD")
    credit(told_from_50.anna.id, amount, source="opening", motive="opening", voucher=paper, key="rsd", at=NOON, authorisation=ByRule(HOUSE), day=date(2026, 11, 1))  # fmt: skip

    assert posted() == []


def test_the_choice_is_in_the_trail_and_told_and_the_same_again_is_not(told_from_50):
    tell_from(told_from_50.anna.id, eur(50_00), actor=Actor(told_from_50.anna.id), at=NOON)
    tell_from(told_from_50.anna.id, None, actor=Actor(told_from_50.anna.id), at=NOON)

    assert rows("SELECT before, after FROM event WHERE verb = 'notices changed' ORDER BY id") == [("", "50.00 EUR"), ("50.00 EUR", "")]
    assert one("SELECT notify_from FROM person WHERE id = ?", told_from_50.anna.id) == (None,)
    assert [message[5]["verb"] for message in due(NOON, limit=9) if message[2] == "notice"] == ["notices changed"], "one at one moment"


def test_paying_asks_the_database_nothing_more_for_it(told_from_50, monkeypatch):
    """Below the threshold; the mail itself is two statements."""
    asked: list[str] = []
    real = type(database.obj).run

    def run_and_count(self, sql, values):
        asked.append(sql)
        return real(self, sql, values)

    monkeypatch.setattr(type(database.obj), "run", run_and_count)
    counts = []
    pay(told_from_50.anna, 1, "what is remembered from now on")
    for number, threshold in enumerate((None, 10_00, 1_00)):
        run("UPDATE person SET notify_from = ? WHERE id = ?", threshold, told_from_50.anna.id)
        asked.clear()
        pay(told_from_50.anna, 2_00, f"counted {number}")
        counts.append(len(asked))

    assert counts[1] == counts[0] and counts[2] > counts[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mail_is_in_its_readers_language_and_freezes_the_wallet(told_from_50, tmp_path, language):
    anna = told_from_50.anna
    run("UPDATE person SET language = ? WHERE id = ?", language, anna.id)
    booked = pay_out(anna.id, eur(70_00), slip("B 2"), authorisation=staff(told_from_50), at=NOON)
    reverse_by_hand(anna.id, booked.id, reason="Wrong", authorisation=staff(told_from_50), at=NOON)
    settings, words = Settings(tmp_path, "", tmp_path / "keys.json", public_url="https://wallet.example.com"), Words(language)

    mails = [message for message in due(NOON, limit=9) if message[2] == "booking"]
    assert [message[5]["back"] for message in mails] == [False, True]
    for _, key, kind, address, spoken, facts in mails:
        mail = render(settings, kind, key=key, address=address, language=spoken, facts=facts)
        text, what = mail.get_content(), words.say(why("pay-out", reversed=facts["back"]))
        assert (
            what in mail["Subject"]
            and what in text
            and words.signed(eur(facts["minor"])) in text
            and words.money(eur(facts["after"])) in text
        )
        assert f"https://wallet.example.com/wallet/statement/{facts['booking']}" in text and "%(" not in text
        assert who_freezes(facts["link"]) == anna.id and f"https://wallet.example.com/freeze/{facts['link']}" in text.split()
