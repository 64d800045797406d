"""Booking a statement: a partner's reference finds his wallet, all else waits to be clarified; each line once, each file whole."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from tests.at_once import at_once
from tests.bank.camt_files import balance, document, entry, statement
from tests.cast import NOON, eur, give
from tests.cast import balance as wallet
from vps.bank.actions import (
    DoesNotAddUp,
    NotFinalYet,
    NotOurAccount,
    OtherCurrency,
    TooFine,
    TooLargeToBook,
    import_file,
    open_bank_account,
)
from vps.bank.models import imported, lines_of, statement_heading
from vps.bank.statement import NoStatement
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import one, rows
from vps.kernel.money import Money
from vps.kernel.numbers import partner_number, spaced, topup_reference
from vps.ledger.actions import NoSuchCurrency
from vps.ledger.models.audit import audit
from vps.people.actions import close_person
from vps.wallets.models import Wallet

OURS = "<Acct><Id><IBAN>DE89 3704 0044 0532 0130 00</IBAN></Id></Acct>"
DAYS = "<BookgDt><Dt>2026-11-19</Dt></BookgDt><ValDt><Dt>2026-11-20</Dt></ValDt>"
BOOKED = "<Sts>BOOK</Sts>" + DAYS


def line(
    amount: str, *, text: str = "", ref: str = "", end: str = "", side: str = "CRDT", inner: str = BOOKED, currency: str = "EUR"
) -> str:
    strd = f"<Strd><CdtrRefInf><Ref>{ref}</Ref></CdtrRefInf></Strd>" if ref else ""
    names = f"<RltdPties><Dbtr><Nm>Anna Bauer</Nm></Dbtr></RltdPties><Refs><EndToEndId>{end or 'NOTPROVIDED'}</EndToEndId></Refs>"
    details = f"<NtryDtls><TxDtls>{names}<RmtInf>{strd}<Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls>"
    return entry(amount, side, inner=inner + details, currency=currency)


def file(*lines: str, number: str = "1", account: str = OURS) -> bytes:
    return document(statement(*lines, account=account).replace("<Id>1</Id>", f"<Id>{number}</Id>", 1)).encode()


def take(content: bytes, name: str = "camt.xml"):
    return import_file(content, name, actor=HOUSE, at=NOON)


def sums() -> dict[str, int]:
    """credits − debits of the company's bank and clarifying accounts."""
    found = rows(
        "SELECT a.kind, sum(CASE WHEN b.credit_id = a.id THEN b.amount ELSE -b.amount END) FROM account a"
        " JOIN booking b ON a.id IN (b.debit_id, b.credit_id) WHERE a.kind IN ('bank', 'clarify') GROUP BY a.kind"
    )
    return {kind: int(total) for kind, total in found}


def bookings() -> int:
    return int(one("SELECT count(*) FROM booking WHERE key LIKE 'bank:%' AND motive = 'receipt'")[0])


def nothing_came_in() -> bool:
    return not any(one(f"SELECT count(*) FROM {table}")[0] for table in ("bank_file", "bank_statement", "bank_line")) and bookings() == 0


def test_a_credit_with_a_partners_reference_tops_his_wallet_up(cast):
    outcome = take(file(line("100.00", ref=topup_reference(cast.anna.number))))

    assert outcome == (1, 1, 1, 0)
    assert wallet(cast.anna) == eur(350_00)
    row = one(
        "SELECT b.key, b.motive, b.value_date, v.kind, v.day FROM booking b JOIN voucher v ON v.id = b.voucher_id WHERE b.motive = 'top-up' AND v.kind = 'bank line'"
    )
    assert row == ("bank:1:1:1", "top-up", "2026-11-20", "bank line", "2026-11-19")
    assert sums() == {"bank": -100_00, "clarify": 0}
    assert list(audit("Europe/Berlin")) == []


def test_a_reference_is_found_however_people_write_it(cast):
    ref = topup_reference(cast.boris.number)
    ways = [
        {"text": text}
        for text in (spaced(ref), f"Aufladung/{ref.lower()}.Danke", f"bitte {ref[:7]} {ref[7:]} gutschreiben", ref.replace("0", "O"))
    ]
    ways += [{"end": ref}, {"ref": spaced(ref)}, {"ref": ref, "text": ref}]

    outcome = take(file(*(line("1.00", **way) for way in ways)))

    assert outcome.matched == len(ways)
    assert wallet(cast.boris) == eur(len(ways) * 1_00)


def test_what_is_not_certain_waits_to_be_clarified(cast):
    anna, boris, nobody = (topup_reference(number) for number in (cast.anna.number, cast.boris.number, partner_number(77_777)))
    close_person(cast.boris, actor=HOUSE, at=NOON)
    give(cast.clara, 1)
    unclear = (
        {"text": "Danke"},
        {"ref": nobody},
        {"text": f"{anna} {boris}"},
        {"ref": boris},
        {"text": cast.anna.number},
        {"ref": anna[:-1] + "x"},
    )

    outcome = take(file(*(line("7.00", **what) for what in unclear)))

    assert outcome == (1, 6, 0, 0)
    assert wallet(cast.anna) == eur(250_00)
    assert wallet(cast.boris) == eur(0)
    assert sums() == {"bank": -42_00, "clarify": 42_00}


def test_two_partners_on_one_line_are_nobodys(cast):
    take(file(line("7.00", ref=topup_reference(cast.anna.number), text=topup_reference(cast.boris.number))))

    assert (wallet(cast.anna), wallet(cast.boris)) == (eur(250_00), eur(0))
    assert sums()["clarify"] == 7_00


def test_what_went_out_is_clarified_even_with_a_reference(cast):
    take(file(line("30.00", side="DBIT", ref=topup_reference(cast.anna.number))))

    assert wallet(cast.anna) == eur(250_00)
    assert sums() == {"bank": 30_00, "clarify": -30_00}


def test_the_same_file_again_books_nothing(cast):
    content = file(line("100.00", ref=topup_reference(cast.anna.number)), line("5.00"))
    take(content)

    assert take(content, "copy.xml") == (0, 0, 0, 1)

    assert (wallet(cast.anna), bookings(), len(imported())) == (eur(350_00), 2, 1)
    assert one("SELECT count(*) FROM event WHERE verb = 'statement imported'")[0] == 1


def test_the_same_statement_in_another_file_books_only_what_is_new(cast):
    first, second = (statement(line(f"{n}.00"), account=OURS).replace("<Id>1</Id>", f"<Id>{n}</Id>", 1) for n in (1, 2))
    take(document(first).encode())

    assert take(document(first, second).encode()) == (1, 1, 0, 1)

    assert sums() == {"bank": -3_00, "clarify": 3_00}


def test_an_archive_that_holds_a_statement_twice_books_it_once(cast):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("a.xml", "b.xml"):
            archive.writestr(name, file(line("5.00")))

    assert take(packed.getvalue(), "day.zip") == (1, 1, 0, 1)

    assert bookings() == 1


def test_a_file_imported_from_eight_windows_at_once_is_booked_once(cast):
    content = file(line("100.00", ref=topup_reference(cast.anna.number)), line("5.00"))

    answers = at_once(8, lambda _: take(content))

    assert sorted(answers) == [(0, 0, 0, 1)] * 7 + [(1, 2, 1, 0)]
    assert (wallet(cast.anna), bookings()) == (eur(350_00), 2)


def test_equal_lines_of_one_statement_are_all_booked(cast):
    take(file(*[line("5.00", ref=topup_reference(cast.anna.number))] * 3))

    assert wallet(cast.anna) == eur(265_00)


def test_another_companys_statement_is_refused(cast):
    for account in ("<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>", "<Acct><Id><Othr><Id>123</Id></Othr></Id></Acct>", ""):
        with pytest.raises(NotOurAccount):
            take(file(line("5.00"), account=account))

    assert nothing_came_in()


def test_each_of_the_companys_accounts_is_its_own(cast):
    open_bank_account("de02 1203 0000 0000 2020 51", "EUR", actor=HOUSE, at=NOON)

    assert take(file(line("5.00"), account="<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>")).lines == 1


def test_a_statement_that_does_not_add_up_is_refused_with_the_whole_file(cast):
    good = statement(line("5.00"), account=OURS)
    bad = statement(balance("OPBD", "10"), line("5.00"), balance("CLBD", "16"), account=OURS)

    with pytest.raises(DoesNotAddUp) as refused:
        take(document(good, bad).encode())

    assert refused.value.facts == {"account": "DE89 3704 0044 0532 0130 00"}
    assert nothing_came_in()


def test_a_line_in_the_middle_that_cannot_be_booked_takes_the_whole_file_back(cast):
    lines = line("100.00", ref=topup_reference(cast.anna.number)), line("5.00", inner="<Sts>BOOK</Sts>"), line("6.00")

    with pytest.raises(NotFinalYet) as refused:
        take(file(*lines))

    assert refused.value.facts == {"line": 2}
    assert nothing_came_in()
    assert wallet(cast.anna) == eur(250_00)


def test_too_many_decimals_too_large_amounts_and_strange_currencies_are_refused(cast):
    for content, refusal in (
        (file(line("5.001")), TooFine),
        (file(line("1000000000.01")), TooLargeToBook),
        (file(line("9" * 18)), TooLargeToBook),
        (file(balance("CLBD", "9" * 18), line("1")), TooLargeToBook),
        (file(line("5", currency="USD")), OtherCurrency),
        (file(line("5", currency="XTS")), NoSuchCurrency),
        (file(), NoSuchCurrency),
        (document().encode(), NoStatement),
    ):
        with pytest.raises(refusal):
            take(content)

    assert nothing_came_in()


def test_what_is_not_booked_yet_or_nothing_at_all_is_left_out(cast):
    lines = line("5.00", inner="<Sts>PDNG</Sts>" + DAYS), line("0.00"), line("7.00"), line("9.00", inner="<Sts>INFO</Sts>" + DAYS)

    assert take(file(*lines)).lines == 1

    assert [(shown.n, shown.amount) for shown in lines_of(1)] == [(3, eur(7_00))]


def test_a_line_without_a_value_day_counts_on_its_booking_day_and_the_other_way_round(cast):
    only_booked, only_value = "<Sts>BOOK</Sts>" + DAYS.partition("<ValDt>")[0], "<Sts>BOOK</Sts><ValDt><Dt>2026-11-21</Dt></ValDt>"
    take(file(line("5.00", inner=only_booked), line("6.00", inner=only_value)))

    assert rows("SELECT value_date FROM booking WHERE motive = 'receipt' ORDER BY id") == [("2026-11-19",), ("2026-11-21",)]
    assert rows("SELECT booked_on, value_date FROM bank_line ORDER BY n") == [("2026-11-19",) * 2, ("2026-11-21",) * 2]


def test_the_office_reads_what_came_in(cast):
    content = file(
        balance("OPBD", "10"),
        line("5.00", ref=topup_reference(cast.anna.number)),
        line("2", side="DBIT", text="Gebühr"),
        balance("CLBD", "13"),
    )
    import_file(content, "a\x00\x1b[2Jb.xml", actor=Actor(cast.dragan.id), at=NOON)
    take(file(line("1.00"), number="2"))

    second, first = imported()
    assert (first.number, first.account, first.closing, first.closing_day) == (
        "1",
        "DE89370400440532013000",
        eur(13_00),
        date(2026, 11, 20),
    )
    assert (first.adds_up, first.lines, first.matched, first.imported_at, first.name) == ("yes", 2, 1, NOON, "a[2Jb.xml")
    assert (second.adds_up, second.closing, imported(before=second.id), imported(limit=1)) == ("unknown", None, [first], [second])
    assert [shown[1:] for shown in lines_of(first.id)] == [
        (1, date(2026, 11, 19), eur(5_00), "Anna Bauer", "", eur(0), [("top-up", cast.anna.number, eur(5_00))]),
        (2, date(2026, 11, 19), eur(-2_00), "", "Gebühr", eur(-2_00), []),
    ]
    assert [shown.n for shown in lines_of(first.id, after=1)] == [2]
    assert (statement_heading(first.id), statement_heading(99)) == (("1", "DE89370400440532013000", None), None)
    assert one("SELECT actor FROM event WHERE verb = 'statement imported' ORDER BY id LIMIT 1")[0] == cast.dragan.id


def test_a_currency_without_decimals_is_booked_in_whole_units(cast):
    open_bank_account("DE89370400440532013000", "JPY", actor=HOUSE, at=NOON)

    take(file(line("500", ref=topup_reference(cast.anna.number), currency="JPY")))

    assert Wallet.of(cast.anna.id, "JPY").account.booked == Money(500, "JPY")


def test_a_balance_finer_than_its_currency_is_left_out(cast):
    take(file(balance("CLBD", "1.005"), line("1.00")))

    assert imported()[0].closing is None
