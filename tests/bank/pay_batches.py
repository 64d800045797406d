"""Batches of pay-outs for the tests: one of each kind of file, right until a test changes something."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from vps.bank.payfiles.batch import Batch, Debtor, Transfer
from vps.kernel.money import Money

SEPA, OLD = "pain.001.001.09", "pain.001.001.03"
FORMATS = (SEPA, OLD, "rs", "1c")
AT = datetime(2026, 11, 22, 12, 30, 5, tzinfo=UTC)
DAY = date(2026, 11, 24)
BANK = "044525225"

COMPANY = {
    SEPA: Debtor("Beispiel & Söhne GmbH", "DE89 3704 0044 0532 0130 00", "COBADEFFXXX"),
    "rs": Debtor("Primer d.o.o.", "265000000000123488", place="Beograd", bank="Raiffeisen banka"),
    "1c": Debtor("ООО «Пример»", "40817810900000000018", BANK, bank="ПАО Сбербанк", tax_number="7707083893"),
}
PAYEES = {
    SEPA: (
        Transfer("VPS-1-1", "Жељко Ђорђевић", "HR1723600001101234565", "", Money(49_90, "EUR"), "Provision 10/2026 – Auszahlung"),
        Transfer("VPS-1-2", "Anna Müller", "AT611904300234573201", "BKAUATWW", Money(1, "EUR"), ""),
        Transfer("VPS-1-3", "Petar Petrović", "265000000000123488", "RZBSRSBG", Money(1_000_00, "EUR"), "Provizija"),
    ),
    "rs": (
        Transfer("VPS-1-1", "Ђорђе Ћирић", "265000000001234526", "", Money(300_000_00, "RSD"), "Исплата", place="Niš", purpose_code="249"),
        Transfer(
            "VPS-1-2", "Petra Petrović", "160000000009999903", "", Money(300_000_01, "RSD"), "", purpose_code="249",
            model="97", reference="20-12345",
        ),
        Transfer("VPS-1-3", "Čubrilo", "160000000009999903", "", Money(1, "RSD"), "Provizija", purpose_code="249"),
    ),
    "1c": (
        Transfer("VPS-000101", "Юлия Щербакова", "40817810900000000018", BANK, Money(49_90, "RUB"), "Вознаграждение. НДС не облагается."),
        Transfer(
            "VPS-000102", "Željko 李", "40817810900000000018", BANK, Money(1, "RUB"), "", purpose_code="1", tax_number="500100732259",
            correspondent="30101810400000000225",
        ),
    ),
}  # fmt: skip
PAYEES[OLD], COMPANY[OLD] = PAYEES[SEPA], COMPANY[SEPA]


def batch(name: str = SEPA, /, **changes: Any) -> Batch:
    """A right batch for this format with `changes` made to it."""
    return replace(Batch("VPS-1", AT, DAY, COMPANY[name], PAYEES[name]), **changes)


def but(name: str = SEPA, /, **changes: Any) -> Batch:
    """A right batch for this format whose first transfer has `changes` made to it."""
    first, *others = PAYEES[name]
    return batch(name, transfers=(replace(first, **changes), *others))
