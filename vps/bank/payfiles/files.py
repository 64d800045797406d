"""The files that take money out, by the name of their format. Nobody gets one that was not read again and compared first."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from vps.bank.accounts import IBAN, RUSSIAN, SERBIAN, PayeeAccount
from vps.bank.payfiles.batch import Batch, Line
from vps.bank.payfiles.one_c import check_1c, write_1c
from vps.bank.payfiles.sepa import SEPA, write_sepa
from vps.bank.payfiles.sepa_check import check as check_sepa
from vps.bank.payfiles.serbian import check_serbian, write_serbian
from vps.kernel.refusals import N_


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: `says` names it for people, `suffix` ends its name, `kinds` are the accounts it can pay in `currency`."""

    says: str
    currency: str
    kinds: frozenset[str]
    suffix: str
    media_type: str
    write: Callable[[Batch], bytes]
    check: Callable[[bytes], tuple[Line, ...]]


DEFAULT: Final = "pain.001.001.09"

_SEPA: Final = frozenset({IBAN, SERBIAN})

FORMATS: Final = {
    DEFAULT: Format(N_("SEPA (pain.001.001.09)"), "EUR", _SEPA, "xml", "application/xml", partial(write_sepa, schema=DEFAULT), check_sepa),
    "pain.001.001.03": Format(
        N_("SEPA for older banks (pain.001.001.03)"), "EUR", _SEPA, "xml", "application/xml",
        partial(write_sepa, schema="pain.001.001.03"), check_sepa,
    ),
    "rs": Format(
        N_("Serbia, in dinars (FX Client)"), "RSD", frozenset({SERBIAN}), "xml", "application/xml", write_serbian, check_serbian,
    ),
    "1c": Format(
        N_("Russia, in roubles (1C)"), "RUB", frozenset({RUSSIAN}), "txt", "text/plain; charset=windows-1251", write_1c, check_1c,
    ),
}  # fmt: skip


def write(batch: Batch, name: str = DEFAULT) -> bytes:
    """The file of a batch, checked; raises a BatchRefused (of a payee: it says whose) and writes nothing then."""
    return FORMATS[name].write(batch)


def check(content: bytes, name: str = DEFAULT) -> tuple[Line, ...]:
    """What a finished file pays; raises a FaultyFile, or a FileRefused when it cannot be read at all."""
    return FORMATS[name].check(content)


def fits(account: PayeeAccount, currency: str, name: str = DEFAULT) -> bool:
    """Whether a file of this kind can pay this account in this currency."""
    kind = FORMATS[name]
    return account.kind in kind.kinds and currency == kind.currency and (kind.currency != "EUR" or account.country in SEPA)
