"""What stands in the way of a transfer."""

from vps.kernel.refusals import N_, Refused


class NoRecipient(Refused):
    """The same for somebody who is not there, is closed or frozen, or cannot receive: nothing can be found out by trying."""

    says = N_("No partner who can receive this was found. Please check what you typed.")
    field = "recipient"


class SameWallet(Refused):
    says = N_("That is the wallet it comes from. Nothing was moved.")
    field = "recipient"


class ToYourself(Refused):
    says = N_("That is you. To move something between your own wallets, choose the wallet.")
    field = "recipient"


class TooMuchForThem(Refused):
    says = N_("This partner cannot receive that much at present. Nothing was moved.")
    field = "amount"


class Owing(Refused):
    """Facts: shortfall."""

    says = N_(
        "%(shortfall)s is missing in your wallet because a booking was corrected. Until that is repaid, nothing can be sent or paid out."
    )


class LessThanLeast(Refused):
    """Facts: least."""

    says = N_("The smallest transfer is %(least)s.")
    field = "amount"


class MoreThanMost(Refused):
    """Facts: most."""

    says = N_("The largest transfer is %(most)s.")
    field = "amount"


class NotAMultiple(Refused):
    """Facts: multiple."""

    says = N_("Only multiples of %(multiple)s can be transferred.")
    field = "amount"


class FeeTooHigh(Refused):
    """Facts: fee."""

    says = N_("The fee would be %(fee)s, which is not less than the amount. Please choose a larger amount.")
    field = "amount"


class NothingArrives(Refused):
    """Facts: currency."""

    says = N_("This is so little that nothing of it would arrive in %(currency)s.")
    field = "amount"


class Changed(Refused):
    says = N_("Meanwhile the fee or the exchange rate has changed. Nothing was moved; please look at it again.")
    status = 409
