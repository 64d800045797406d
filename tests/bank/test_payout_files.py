"""A file takes pay-outs to the bank: exactly what was shown, by one code of the app, once, and the same bytes for ever."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.bank.desk_of_payouts import OURS, again, asked, debit, made, open_desk, statement
from tests.bank.pay_batches import BANK
from tests.cast import NOON, app_of, eur
from tests.cast import balance as wallet
from vps.bank.actions import (
    FileBooked,
    NotInAFile,
    SettingMissing,
    draft_of,
    make_file,
    must_be_writable,
    open_bank_account,
    read_file,
    take_out,
    void_file,
    withdraw_payout,
)
from vps.bank.actions.paydesk import NoReason
from vps.bank.actions.sending_back import MAKE
from vps.bank.models import PayoutFile
from vps.bank.models.audit_payfiles import audit_payfiles
from vps.bank.models.paydesk import members, paid_by, sent_files
from vps.bank.payfiles.batch import NoInstant, NothingToPay, UnwritableName
from vps.bank.payfiles.files import check
from vps.cli.books import problems_of
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.clock import micros
from vps.kernel.database import insert, one, run
from vps.kernel.refusals import NotFound
from vps.ledger.actions import set_up
from vps.security.actions import BatchChanged, WrongCode

STEP = timedelta(seconds=30)


@pytest.fixture
def desk(cast):
    return open_desk(cast)


@pytest.fixture
def office(house):
    """The same on one engine."""
    return open_desk(house)


def files() -> int:
    return int(one("SELECT count(*) FROM payout_file")[0])


def test_the_file_pays_what_was_shown_and_is_the_same_bytes_whenever_it_is_read(desk):
    first, second = asked(desk), asked(desk, 9_50)

    key = made(desk)

    name, kind, content = read_file(key, actor=desk.desk, at=NOON)
    assert read_file(key, actor=desk.desk, at=NOON + STEP)[2] == content
    assert (name, kind) == ("VPS-20261120-1.xml", "application/xml")
    lines = [(line.reference, line.account, line.amount) for line in check(content)]
    assert lines == [(f"VPS{payout.id}", payout.number, payout.money) for payout in (first, second)]
    assert f"Alpenkraut {first.id}</Ustrd>".encode() in content and b"<Nm>Alpenkraut GmbH</Nm>" in content
    assert [(paid.id, paid.amount) for paid in paid_by(key)] == [(first.id, eur(40_00)), (second.id, eur(9_50))]
    assert one("SELECT count(*) FROM event WHERE verb = 'payout file read'")[0] == 2
    with pytest.raises(NotFound):
        read_file(77, actor=desk.desk, at=NOON)


def test_a_wrong_code_makes_no_file(office):
    payout = asked(office)
    with pytest.raises(WrongCode):
        made(office, code="000000")
    assert files() == 0 and again(payout).approved_at is None


def test_what_was_asked_for_or_withdrawn_meanwhile_is_another_file(desk):
    first = asked(desk)
    shown = draft_of(OURS, instant=False, actor=desk.desk, at=NOON).digest
    asked(desk, 5_00)
    with pytest.raises(BatchChanged):
        made(desk, shown=shown)
    shown = draft_of(OURS, instant=False, actor=desk.desk, at=NOON).digest
    withdraw_payout(desk.anna.id, first.id, actor=Actor(desk.anna.id), at=NOON)
    with pytest.raises(BatchChanged):
        made(desk, shown=shown)
    for nonsense in ("x", "g" * 64):
        with pytest.raises(BatchChanged):
            made(desk, shown=nonsense)
    assert files() == 0


def test_pressed_in_eight_windows_at_once_and_once_more_it_is_one_file(desk):
    asked(desk)
    shown = draft_of(OURS, instant=False, actor=desk.desk, at=NOON).digest

    answers = at_once(8, lambda _: made(desk, shown=shown))

    assert set(answers) == {made(desk, shown=shown, at=NOON + STEP)} and files() == 1


def test_two_clerks_at_once_make_one_file(desk):
    asked(desk)
    clerks = [(desk.desk, desk.totp.at(NOON)), (Actor(desk.elena.id, "192.0.2.9"), app_of(desk.elena).at(NOON))]
    shown = draft_of(OURS, instant=False, actor=desk.desk, at=NOON).digest

    answers = at_once(2, lambda n: made(desk, shown=shown, actor=clerks[n][0], code=clerks[n][1]))

    assert len(set(answers)) == 1 and files() == 1
    assert one("SELECT count(*) FROM batch WHERE authorised_at IS NOT NULL")[0] == 1


def test_nobody_sends_out_a_pay_out_of_his_own_that_no_colleague_approved(office):
    asked(office)
    mine = Actor(office.anna.id, "192.0.2.9")

    assert draft_of(OURS, instant=False, actor=mine, at=NOON).paid == []


def test_a_voided_file_gives_its_pay_outs_back_to_the_list(desk):
    payout = asked(desk)
    key = made(desk)

    for _ in range(2):
        void_file(key, reason="Bank said no", actor=desk.desk, at=NOON)

    assert (again(payout).state, PayoutFile.get_by_id(key).void_reason) == ("approved", "Bank said no")
    (first,) = sent_files()
    assert first.voided_at == NOON and not first.is_open
    other = made(desk, at=NOON + STEP)
    assert again(payout).file_id == other != key
    void_file(other, reason="Wrong bank", refuse=True, actor=desk.desk, at=NOON)
    assert again(payout).state == "refused" and wallet(desk.anna) == eur(250_00)
    with pytest.raises(NotFound):
        void_file(77, reason="x", actor=desk.desk, at=NOON)
    with pytest.raises(NoReason):
        void_file(other, reason=" ", actor=desk.desk, at=NOON)


def test_one_payment_that_the_bank_did_not_take_waits_again(office):
    payout, stays = asked(office), asked(office, 5_00)
    key = made(office)

    take_out(payout.id, reason="Account closed", actor=office.desk, at=NOON)

    assert (again(payout).state, again(payout).held_reason, again(stays).file_id) == ("held", "Account closed", key)
    with pytest.raises(NotInAFile):
        take_out(payout.id, reason="again", actor=office.desk, at=NOON)
    with pytest.raises(NotFound):
        take_out(77, reason="x", actor=office.desk, at=NOON)


def test_a_file_the_bank_has_booked_cannot_be_voided(office):
    payout = asked(office)
    key = made(office)
    run("UPDATE payout SET executed_at = asked_at WHERE id = ?", payout.id)
    with pytest.raises(FileBooked):
        void_file(key, reason="too late", actor=office.desk, at=NOON)


def test_what_stands_in_a_files_way_is_said_before_a_code_is_asked_for(house):
    desk = open_desk(house)
    with pytest.raises(NothingToPay):
        must_be_writable(draft_of(OURS, instant=False, actor=desk.desk, at=NOON), NOON)
    with pytest.raises(NotFound):
        draft_of(77, instant=False, actor=desk.desk, at=NOON)
    asked(desk)
    draft = draft_of(OURS, instant=False, actor=desk.desk, at=NOON)
    with pytest.raises(UnwritableName):
        must_be_writable(draft._replace(paid=[draft.paid[0]._replace(holder="…")]), NOON)


@pytest.mark.parametrize(
    ("currency", "ours", "bic", "to", "settings"),
    [
        ("RSD", "265000000000123488", "", ("rs", "265000000001234526", ""), {"place": "Beograd", "payout_purpose": "249"}),
        ("RUB", "40817810900000000018", BANK, ("ru", "40817810900000000018", BANK), {"tax_number": "7707083893"}),
    ],
    ids=["Serbia", "Russia"],
)
def test_files_of_other_countries_say_what_the_company_must_set_first(house, currency, ours, bic, to, settings):
    desk = open_desk(house)
    set_up(currency=currency, at=NOON)
    change_settings({"payout_countries": "DE RS RU"}, actor=HOUSE, at=NOON)
    account = open_bank_account(ours, currency, bic=bic, actor=HOUSE, at=NOON)
    payout = insert(MAKE, "Petra", *to, 5_00, currency, micros(NOON), "2026-11-20")
    draft = draft_of(account, instant=False, actor=desk.desk, at=NOON)

    for name, value in settings.items():
        with pytest.raises(SettingMissing) as missing:
            must_be_writable(draft, NOON)
        assert missing.value.facts == {"name": name}
        change_settings({name: value}, actor=HOUSE, at=NOON)

    with pytest.raises(NoInstant):
        must_be_writable(draft._replace(instant=True), NOON)
    file = make_file(account, instant=False, shown=draft.digest, code=desk.totp.at(NOON), actor=desk.desk, at=NOON)
    assert members(file) == [payout] and list(audit_payfiles()) == []


def test_a_file_that_has_lost_its_last_open_payment_has_ended(office):
    first = asked(office)
    empty = made(office)
    take_out(first.id, reason="Account closed", actor=office.desk, at=NOON)
    paid, second = asked(office, 5_00), asked(office, 6_00)
    rest = made(office, at=NOON + STEP)
    statement(debit("5.00", f"VPS{paid.id}"))
    take_out(second.id, reason="Account closed", actor=office.desk, at=NOON)

    files = [PayoutFile.get_by_id(key) for key in (empty, rest)]
    assert [(file.voided_at, file.executed_at) for file in files] == [(NOON, None), (None, NOON)]
    assert problems_of() == []
