"""Croatia: the slip HUB-3A with its PDF417 code, fourteen lines in UTF-8."""

from vps.bank.slips.facts import Line, Slip, WrongAccount, asked, cut, filled, grouped
from vps.bank.slips.pictures import pdf417
from vps.kernel.latin import latin
from vps.kernel.numbers import croatian_reference, is_iban
from vps.kernel.refusals import N_

CURRENCY = "EUR"
_MOST = 10**15 - 1
_IBAN, _MODEL = 21, 4
_PURPOSE = "OTHR"
"""The purpose of a payment (ISO 20022) that is neither wages nor tax nor a supplier's."""


def payload(slip: Slip) -> bytes:
    """The fourteen lines, each cut to its length. Raises WrongAccount, OtherCurrency, NeedsAmount, AmountTooLarge."""
    minor = asked(slip, CURRENCY, _MOST)
    payee, reference = slip.payee, croatian_reference(slip.reference)
    payer = [cut(_read(slip.payer_name), 30), cut(_read(slip.payer_street), 27), cut(_read(slip.payer_place), 27)]
    paid = [cut(_read(payee.name), 25), cut(_read(payee.street), 25), cut(_read(payee.place), 27), _account(slip)]
    said = [reference[:_MODEL], reference[_MODEL:], _PURPOSE, cut(_read(slip.text), 35)]
    return "\n".join(["HRVHUB30", CURRENCY, f"{minor:015}", *payer, *paid, *said]).encode()


def lines(slip: Slip) -> tuple[Line, ...]:
    """From the top of the form to its bottom."""
    payee, reference = slip.payee, croatian_reference(slip.reference)
    return filled(
        Line(N_("Payer"), slip.payer_name),
        Line(N_("Payee"), payee.name),
        Line(N_("Address of the payee"), ", ".join(filter(None, [payee.street, payee.place]))),
        Line(N_("Amount"), slip.amount) if slip.amount else None,
        Line(N_("IBAN"), grouped(_account(slip))),
        Line(N_("Model"), reference[:_MODEL]),
        Line(N_("Reference number"), reference[_MODEL:]),
        Line(N_("Purpose of the payment"), slip.text),
    )


def _read(text: str) -> str:
    """Croatian banks read no Cyrillic; Croatian letters stay."""
    return latin(text) if any("\u0400" <= char <= "\u04ff" for char in text) else text


def draw(slip: Slip) -> str:
    return pdf417(payload(slip))


def _account(slip: Slip) -> str:
    account = "".join(slip.payee.account.upper().split())
    if not is_iban(account) or len(account) > _IBAN:
        raise WrongAccount(account=slip.payee.account)
    return account
