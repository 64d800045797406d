"""An account is shown to be a partner's own by a coded cent: at the company's cost, in the next file, and the code comes back."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.bank.desk_of_payouts import OURS, asked, debit, made, message, open_desk, statement
from tests.bank.payouts import OTHER, books, me, usable
from tests.cast import NOON, balance
from tests.forger import lie, unguard
from vps.bank.actions import (
    AccountRests,
    CentGivenUp,
    ConfirmedBefore,
    NoBankForIt,
    NoCentSent,
    NotInOwnName,
    TooManyCents,
    WrongCentCode,
    add_payee_for,
    ask_cent,
    confirm_cent,
    draft_of,
    end_payee,
    open_bank_account,
    read_account,
    refuse_payout,
    void_file,
)
from vps.bank.models import Cent, Payout, cent_states
from vps.bank.models.audit import audit
from vps.bank.payfiles.files import check
from vps.kernel.authorisation import HOUSE
from vps.kernel.codes import NotACode
from vps.kernel.database import IntegrityError, one, rows, run
from vps.kernel.refusals import NotFound
from vps.ledger.actions import set_up
from vps.people.models import Person
from vps.trust.actions import accept_proved
from vps.trust.models import accepted_steps

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(cast):
    return open_desk(cast)


@pytest.fixture
def office(house):
    """The same on one engine."""
    return open_desk(house)


def sent(desk: SimpleNamespace, *, payee: int | None = None, at=NOON) -> Cent:
    return Cent.get_by_id(ask_cent(desk.anna.id, payee or desk.to, actor=me(desk.anna), at=at))


def in_file(file: int) -> list[str]:
    """The codes that a file carries."""
    content = bytes(one("SELECT content FROM payout_file WHERE id = ?", file)[0]).decode()
    return re.findall(r"<Ustrd>VPS ([0-9]{6})</Ustrd>", content)


def typed(desk: SimpleNamespace, code: str, *, payee: int | None = None, at=NOON) -> None:
    confirm_cent(desk.anna.id, payee or desk.to, code, actor=me(desk.anna), at=at)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def proved(person: Person, at=NOON) -> bool:
    return "iban" in accepted_steps(person.id, at.date())


def test_the_cent_goes_with_the_next_file_and_its_code_proves_the_account(desk):
    asked(desk)
    before = balance(desk.anna)
    cent = sent(desk)
    assert (books("own"), books("transit"), balance(desk.anna)) == (-1, 40_01, before), "the company pays it"
    file = made(desk)
    (code,) = in_file(file)
    assert [line.amount.minor for line in check(bytes(one("SELECT content FROM payout_file")[0]))] == [40_00, 1]
    assert Payout.get_by_id(cent.payout_id).text == "VPS", "the code is in the file alone"

    statement(debit("40.01", message(file)))
    assert Payout.get_by_id(cent.payout_id).state == "executed" and books("transit") == 0
    typed(desk, f"{code[:3]} {code[3:]}", at=NOON + DAY)

    assert proved(desk.anna) and one("SELECT value FROM identity_step") == ("AT611904300234573201",)
    assert rows("SELECT verb FROM event WHERE subject = ? AND verb LIKE '%cent%' ORDER BY id", f"person:{desk.anna.id}") == [
        ("cent asked",)
    ]
    assert list(audit()) == []
    for again in (lambda: sent(desk, at=NOON + DAY), lambda: typed(desk, code, at=NOON + DAY)):
        with pytest.raises((ConfirmedBefore, NoCentSent)):
            again()


def test_three_wrong_codes_end_it_and_each_is_remembered(desk):
    sent(desk)
    (code,) = in_file(made(desk))
    for left in (2, 1):
        with pytest.raises(WrongCentCode) as refused:
            typed(desk, wrong(code))
        assert refused.value.facts == {"left": left}
    with pytest.raises(CentGivenUp):
        typed(desk, wrong(code))
    with pytest.raises(NoCentSent):
        typed(desk, code)
    assert not proved(desk.anna) and one("SELECT tries FROM cent")[0] == 3
    assert one("SELECT count(*) FROM event WHERE verb = 'cent given up'")[0] == 1
    with pytest.raises(NotACode):
        typed(desk, "12345")


def test_a_code_is_good_for_thirty_days_and_of_its_own_cent_alone(office):
    first = sent(office)
    (old,) = in_file(made(office))
    assert sent(office, at=NOON + 30 * DAY - MINUTE).id == first.id, "pressed twice, it is one"
    with pytest.raises(NoCentSent):
        typed(office, old, at=NOON + 30 * DAY)
    second = sent(office, at=NOON + 30 * DAY)
    assert (second.id != first.id, Cent.get_by_id(first.id).ended_at) == (True, NOON + 30 * DAY)
    with pytest.raises(WrongCentCode):
        typed(office, old, at=NOON + 30 * DAY)


def test_there_are_three_a_year(office):
    for n in range(3):
        sent(office, at=NOON + n * 40 * DAY)
    with pytest.raises(TooManyCents) as refused:
        sent(office, at=NOON + 120 * DAY)
    assert refused.value.facts == {"most": 3, "at": NOON + 365 * DAY}
    assert sent(office, at=NOON + 365 * DAY + MINUTE)


def test_only_ones_own_account_in_ones_own_name_that_rests_no_more(office):
    fresh = usable(office, office.anna, "HR1210010051863000160", at=NOON)
    other = add_payee_for(office.anna.id, read_account("SI56192001234567892"), "Mule Muller", actor=me(office.elena), at=NOON - 2 * DAY)
    signs = add_payee_for(office.anna.id, read_account("NL91ABNA0417164300"), "– –", actor=me(office.elena), at=NOON - 2 * DAY)
    for payee, refusal in ((fresh, AccountRests), (other, NotInOwnName), (signs, NotInOwnName), (99, NotFound)):
        with pytest.raises(refusal):
            sent(office, payee=payee)
    for act in (lambda: ask_cent(office.boris.id, office.to, actor=me(office.boris), at=NOON),
                lambda: confirm_cent(office.boris.id, office.to, "123456", actor=me(office.boris), at=NOON)):  # fmt: skip
        with pytest.raises(NotFound):
            act()
    sent(office)
    (code,) = in_file(made(office))
    run("UPDATE person SET name = 'Maria Huber', bank_name = 'Maria Huber' WHERE id = ?", office.anna.id)
    with pytest.raises(NotInOwnName):
        typed(office, code)


def test_an_account_that_is_removed_proves_nothing_any_more(desk):
    sent(desk)
    typed(desk, in_file(made(desk))[0])
    other = usable(desk, desk.anna, "HR1210010051863000160")
    sent(desk, payee=other)
    for _ in range(2):
        end_payee(desk.anna.id, desk.to, actor=me(desk.anna), at=NOON)
    assert not proved(desk.anna) and one("SELECT count(*) FROM event WHERE verb = 'step gone'")[0] == 1
    end_payee(desk.anna.id, other, actor=me(desk.anna), at=NOON)
    assert one("SELECT count(*) FROM cent WHERE ended_at IS NOT NULL")[0] == 1
    assert one("SELECT count(*) FROM event WHERE verb = 'step gone'")[0] == 1
    assert list(audit()) == []


def test_refused_at_the_desk_it_is_the_companys_again_and_confirms_nothing(desk):
    cent = sent(desk)
    assert [(each.cent, each.partner) for each in draft_of(OURS, instant=False, actor=desk.desk, at=NOON).paid] == [(True, "")]
    void_file(made(desk), reason="Not taken", actor=desk.desk, at=NOON)
    for _ in range(2):
        refuse_payout(cent.payout_id, reason="Not now", actor=desk.desk, at=NOON)
    assert (books("own"), books("transit")) == (0, 0) and not cent_states(desk.anna.id, NOON)[desk.to].asked
    assert list(audit()) == []


def test_a_voided_file_takes_the_same_code_again(office):
    sent(office)
    first = made(office)
    void_file(first, reason="Not taken", actor=office.desk, at=NOON)
    assert in_file(made(office, at=NOON + MINUTE)) == in_file(first)


def test_it_is_paid_in_the_companys_currency_or_in_the_one_that_reaches_the_account(office):
    payee = add_payee_for(
        office.anna.id, read_account("265-1234-88", "NBSRRSBGXXX"), "Anna Bauer", actor=me(office.elena), at=NOON - 2 * DAY
    )
    set_up(currency="RSD", at=NOON)
    open_bank_account("265000000000123488", "RSD", pay_format="rs", actor=HOUSE, at=NOON)
    assert Payout.get_by_id(sent(office, payee=payee).payout_id).currency == "EUR"
    run("UPDATE bank_account SET closed_at = 1 WHERE currency = 'EUR'")
    run("UPDATE cent SET ended_at = 1")
    assert Payout.get_by_id(sent(office, payee=payee).payout_id).money.plain == "0.01"
    assert one("SELECT currency FROM payout ORDER BY id DESC LIMIT 1") == ("RSD",)
    with pytest.raises(NoBankForIt):
        sent(office)


def test_the_rows_keep_the_rules_themselves(desk):
    cent = sent(desk)
    for sql in (
        "UPDATE cent SET payee_id = 7",
        "DELETE FROM cent",
        "UPDATE cent SET tries = 4",
        "UPDATE cent SET ended_at = 1, confirmed_at = 1",
    ):
        with pytest.raises(IntegrityError):
            run(sql)
    with pytest.raises(IntegrityError):
        Cent.create(person=desk.anna, payee=desk.to, payout=cent.payout_id, asked_at=NOON, tries=0)


CENT = "Confirmation cent %s is not what the owner of its account asked for, or not booked as the company's own."
NOBODYS = "Pay-out %s has no partner, and no line of the bank that it takes back."
UNPROVED = "Confirmation cent %s was confirmed, but no step of identification came of it."
BY_NOTHING = "Step of identification %s accepts a bank account that no cent confirmed."


def test_every_lie_about_a_cent_is_named(desk, subtests):
    sent(desk)
    typed(desk, in_file(made(desk))[0])
    unguard()
    assert list(audit()) == []
    # What the audit says besides, of files and of what is on its way, is tested where that is.
    lies = {
        "UPDATE payout SET holder = 'Mule'": CENT % 1,
        "UPDATE payout SET asked_at = asked_at + 1": CENT % 1,
        "UPDATE cent SET person_id = 2": CENT % 1,
        "UPDATE payee_account SET usable_from = 2000000000000000": CENT % 1,
        "UPDATE booking SET motive = 'pay-out' WHERE key = 'payout:1:cent'": CENT % 1,
        "UPDATE booking SET amount = 2 WHERE key = 'payout:1:cent'": CENT % 1,
        "DELETE FROM cent": NOBODYS % 1,
        "UPDATE identity_step SET value = 'X'": UNPROVED % 1,
        "UPDATE cent SET confirmed_at = NULL": BY_NOTHING % 1,
    }
    for sql, named in lies.items():
        with subtests.test(sql):
            assert named in lie(audit, sql)
    accept_proved(desk.boris.id, "iban", OTHER, actor=HOUSE, at=NOON)
    assert [problem.says % problem.facts for problem in audit()] == [BY_NOTHING % 2]
