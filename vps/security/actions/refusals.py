"""What can be wrong with a code, or with what it is for; the page says it at the field."""

from vps.kernel.clock import instant
from vps.kernel.refusals import N_, Refused


class CodeRefused(Refused):
    """Base of what can be wrong with a code; the page shows it at the field."""

    field = "tan"


class WrongTan(CodeRefused):
    """Facts: left. Of two codes it is not said which one was wrong (RTS Art. 4(3))."""

    says = N_("This code is not right; nothing was taken. Tries left for this payment: %(left)s.")


class LastBeforeBlock(CodeRefused):
    says = N_("This code is not right; nothing was taken. One more wrong code and this way of confirming is blocked.")


class WayBlocked(CodeRefused):
    says = N_("Too many wrong codes: this way of confirming is blocked. Nothing was taken. The office can help you.")


class WayResting(WayBlocked):
    """Facts: until."""

    says = N_("Too many wrong codes: this way of confirming is blocked until %(until)s. Nothing was taken. The office can help you sooner.")


class IntentCancelled(CodeRefused):
    says = N_("Three wrong codes: this payment was cancelled, nothing was taken. You can start it again.")
    status = 409


class IntentExpired(CodeRefused):
    says = N_("This took longer than ten minutes. Nothing was taken; please look at the amount again and confirm it.")
    status = 409


class TanSpent(CodeRefused):
    """A second window used this index meanwhile: the next one is asked, and no try is counted."""

    says = N_("This TAN has been used meanwhile. Nothing was taken; please enter the TAN that is asked for now.")
    status = 409


class TooSoon(CodeRefused):
    """Facts: seconds."""

    says = N_("This code of your app was used already; nothing was taken. Seconds until the next one: %(seconds)s.")


class Frozen(CodeRefused):
    says = N_("Payments from this wallet are frozen. The office can lift the freeze.")


class NotSent(CodeRefused):
    says = N_("Nothing was taken. Have the code sent to your phone first, then type it here.")


class CodeTooOld(CodeRefused):
    """A code by SMS is good for five minutes."""

    says = N_("This code is older than five minutes. Nothing was taken; please start again and have a new one sent.")
    status = 409


class SentJustNow(CodeRefused):
    """Facts: seconds."""

    says = N_("The code is on its way to your phone. If it does not arrive, it can be sent again; seconds until then: %(seconds)s.")


class SentTooOften(CodeRefused):
    says = N_("The code was sent three times, which is all there is for one payment. Start again, or use another way.")


class NoPhone(CodeRefused):
    says = N_("There is no phone number any more to which a code could be sent. Nothing was taken.")
    status = 409


class NotThisPasskey(CodeRefused):
    says = N_("The passkey did not confirm this. Nothing was taken; please try again or use another way.")


class WeakerWay(CodeRefused):
    """What was asked for is less than the level in force demands: refused, and a line of the trail."""

    says = N_("Your security level asks for another way of confirming this. Nothing was taken.")
    status = 409


class Settable(Refused):
    """Base of what one mends oneself on the page about one's ways; the dialog leads there."""

    leads = "security.enrol"


class NoWay(Settable):
    says = N_("You have no way yet to confirm payments. Activate your TAN sheet or an app first.")


class NoWayForThis(Settable):
    """Facts: level."""

    says = N_("This needs security level %(level)s: a code by SMS or a passkey, which show or sign what you confirm. Set one up first.")


class ViewOnly(Settable):
    says = N_("Your security level is “view only”: nothing can be paid. Choose another level first.")


class EnrolFirst(Settable):
    says = N_("Before your first payment, set up a second way of confirming or print your recovery codes.")


class HeldToCap(Refused):
    """Facts: cap (Money), until."""

    says = N_(
        "Your ways of confirming were restored by the office. Until %(until)s purchases are possible up to %(cap)s in all, and nothing else."
    )


def blocking(opens: int | None) -> WayBlocked:
    """What is said of a block that ends at `opens` (microseconds), or only by the office."""
    return WayBlocked() if opens is None else WayResting(until=instant(opens))
