"""What can be wrong with a file of payments, found by reading it again before anybody gets it."""

from vps.bank.payfiles.batch import Batch, BatchRefused, Line
from vps.kernel.refusals import N_


class FaultyFile(BatchRefused):
    """A file that must not reach a bank."""

    says = N_("The file for the bank is faulty and was not given out.")


class NotPayments(FaultyFile):
    """Something else, or cut off."""

    says = N_("This is not a complete file of payments.")


class BreaksSchema(FaultyFile):
    """Not as the published schema wants it; `why` is the parser's own English."""

    says = N_("Line %(line)s is not as the published format has it: %(why)s")


class WrongCount(FaultyFile):
    """The head says another number of payments than there are."""

    says = N_("The file says that it holds %(said)s payments, but there are %(found)s.")


class WrongSum(FaultyFile):
    """The head says another sum than the payments make."""

    says = N_("The file says that its payments make %(said)s, but they make %(found)s.")


class WrongNumber(FaultyFile):
    """An account whose check digits do not fit, or that no bank issues."""

    says = N_("This account number in the file is wrong: %(found)s")


class WrongAmount(FaultyFile):
    """Not more than nothing, or not with exactly two decimals."""

    says = N_("This amount in the file is wrong: %(found)s")


class ForeignCurrency(FaultyFile):
    """The file's kind has one currency."""

    says = N_("The file pays in %(found)s instead of %(expected)s.")


class TwiceTheSame(FaultyFile):
    """Two payments that the bank's answers could not tell apart."""

    says = N_("Two payments in the file have the same reference: %(found)s")


class ForeignSigns(FaultyFile):
    """Letters that banks do not take."""

    says = N_("The file holds signs that banks do not take: %(found)s")


class NotAsOrdered(FaultyFile):
    """The file is right in itself but does not pay what the batch says."""

    says = N_("The file does not pay exactly what was to be paid out.")


def as_ordered(batch: Batch, found: tuple[Line, ...], ordered: tuple[Line, ...]) -> None:
    """Hold what the file pays against the batch, payment by payment; raises NotAsOrdered."""
    if found != ordered or len(found) != len(batch.transfers):
        raise NotAsOrdered
