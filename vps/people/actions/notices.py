"""What happens to an account is written into the trail, and its owner is told by mail where a stranger might have done it.

Source: SECURITY, transaction authorisation: every change of a way is announced to every old channel.
"""

from datetime import datetime

from itsdangerous import BadSignature, URLSafeTimedSerializer

from vps.kernel.authorisation import Actor
from vps.kernel.clock import micros
from vps.kernel.database import one
from vps.kernel.keys import keys
from vps.kernel.refusals import N_, Refused
from vps.ledger.actions import record
from vps.people.models import called
from vps.post.actions import post

HAPPENED = {
    "person made": N_("Account made"),
    "invited": N_("Link for a password made"),
    "password set": N_("Password set"),
    "password changed": N_("Password changed"),
    "credential does not fit": N_("Sign-in refused: the stored password is not the one that was set"),
    "signed in": N_("Signed in"),
    "sign-in failed": N_("Sign-in failed: wrong password"),
    "new browser": N_("Signed in with a new browser"),
    "browser ended": N_("Browser removed"),
    "browser accepted": N_("New browser accepted by the office"),
    "browser copied": N_("Browser removed: a copy of its cookie was used"),
    "browser replaced": N_("Browser removed: only the five used last are kept"),
    "browser renamed": N_("Browser renamed"),
    "sign-in refused: address": N_("Sign-in refused: the internet address is not in the list"),
    "signed out": N_("Signed out"),
    "session ended": N_("Signed out from afar"),
    "session ended: address": N_("Signed out: the internet address is not in the list"),
    "network added": N_("Internet address allowed"),
    "network ended": N_("Internet address no longer allowed"),
    "person changed": N_("Details changed"),
    "rights changed": N_("Rights changed"),
    "sponsor moved": N_("Given to another sponsor"),
    "tax details changed": N_("Tax details changed"),
    "person closed": N_("Account closed"),
    "sheet made": N_("TAN sheet made"),
    "sheet activated": N_("TAN sheet activated"),
    "sheet not activated": N_("TAN sheet not activated: the codes were wrong"),
    "app enrolled": N_("App enrolled"),
    "app removed": N_("App removed"),
    "passkey added": N_("Passkey added"),
    "passkey ended": N_("Passkey removed"),
    "phone added": N_("Number for codes by SMS added"),
    "phone removed": N_("Number for codes by SMS removed"),
    "way permitted": N_("Adding a way of confirming allowed"),
    "fields added": N_("A payment's form came with foreign fields, which were ignored"),
    "weaker way refused": N_("Confirming refused: the security level asks for more"),
    "level raised": N_("Security level raised"),
    "level lowered": N_("Security level lowered"),
    "practised": N_("Confirming practised"),
    "recovery codes made": N_("Recovery codes made"),
    "recovery code used": N_("Recovery code used"),
    "recovery opened": N_("The office restores the ways of confirming"),
    "recovery approved": N_("Ways of confirming restored by two of the office"),
    "recovery approved alone": N_("Ways of confirming restored by one of the office alone"),
    "recovery cancelled": N_("Restoring the ways of confirming stopped"),
    "confirming blocked": N_("Confirming blocked after wrong codes"),
    "confirming unblocked": N_("Confirming unblocked"),
    "wallet frozen": N_("Wallet frozen"),
    "wallet unfrozen": N_("Freeze lifted"),
    "top-up booked": N_("Top-up booked by the office"),
    "pay-out booked": N_("Payment out booked by the office"),
    "booking reversed": N_("Booking reversed by the office"),
    "provision taken back": N_("Manual provision taken back by the office"),
    "transfer reversed": N_("Transfer reversed by the office"),
    "wallet opened": N_("Another wallet opened by the office"),
    "wallet closed": N_("Wallet closed by the office"),
    "one wallet frozen": N_("One wallet frozen by the office"),
    "one wallet let go": N_("Freeze of one wallet lifted by the office"),
    "debt plan agreed": N_("Plan for repaying a debt agreed"),
    "debt plan written off": N_("Rest of a debt written off"),
    "debt repaid": N_("Part of a debt repaid"),
    "instalment taken": N_("Instalment of a debt taken"),
    "instalment skipped": N_("Instalment of a debt skipped: there was not enough in the wallet"),
    "commission stop set": N_("Commissions stopped by the office"),
    "commission stop ended": N_("Stop of commissions ended by the office"),
    "commission hold set": N_("Commissions held back by the office"),
    "commission hold ended": N_("Commissions no longer held back by the office"),
    "looked at": N_("Looked at by the office"),
    "notices changed": N_("Mails about bookings changed"),
    "own wallet opened": N_("Another wallet opened"),
    "own wallet closed": N_("Wallet closed"),
    "wallet renamed": N_("Wallet renamed"),
    "statement exported": N_("Statement exported by the office"),
    "account added": N_("Bank account for pay-outs added"),
    "account ended": N_("Bank account for pay-outs removed"),
    "cent asked": N_("Confirmation of a bank account by a cent asked for"),
    "cent given up": N_("Confirmation of a bank account: three wrong codes"),
    "pay-out asked": N_("Pay-out asked for"),
    "pay-out held": N_("Pay-out held by the office"),
    "pay-out released": N_("Pay-out no longer held"),
    "pay-out approved": N_("Pay-out approved"),
    "pay-out executed": N_("Pay-out executed by the bank"),
    "pay-out returned": N_("Pay-out returned by the bank"),
    "pay-out refused": N_("Pay-out refused by the office"),
    "pay-out withdrawn": N_("Pay-out withdrawn"),
    "pay-out rule made": N_("Standing order for pay-outs set"),
    "pay-out rule ended": N_("Standing order for pay-outs ended"),
    "step claimed": N_("Identification submitted"),
    "step code sent": N_("Identification: code sent again"),
    "step given up": N_("Identification: three wrong codes"),
    "step withdrawn": N_("Identification withdrawn"),
    "step seen": N_("Identification accepted by the first of two"),
    "step accepted": N_("Identification accepted"),
    "step rejected": N_("Identification not accepted"),
    "step ended": N_("Identification ended by the office"),
    "step gone": N_("Identification ended: what proved it was removed"),
    "step expiring": N_("Identification expires soon"),
    "step expired": N_("Identification expired"),
    "document seen": N_("Pictures of a document looked at by the office"),
    "document forgotten": N_("Pictures of a document deleted"),
    "standing transfer set": N_("Standing transfer set"),
    "standing transfer ended": N_("Standing transfer ended"),
    "pay-out rule skipped": N_("Standing order for pay-outs not carried out this time"),
    "trust risen": N_("Trust level risen"),
    "trust fallen": N_("Trust level fallen"),
    "trust lowered": N_("Trust level lowered by the office"),
    "trust exception made": N_("Limit of one's own set by the office"),
    "trust exception ended": N_("Limit of one's own ended by the office"),
    "trust change asked": N_("Change of limits asked for"),
    "trust change approved": N_("Change of limits approved by a second person"),
    "trust change turned down": N_("Change of limits turned down"),
}
"""What the trail says of a person, in words for everybody."""
TOLD = {
    "new browser",
    "browser accepted",
    "browser ended",
    "browser copied",
    "password changed",
    "person changed",
    "tax details changed",
    "network added",
    "network ended",
    "sheet activated",
    "app enrolled",
    "app removed",
    "passkey added",
    "passkey ended",
    "phone added",
    "phone removed",
    "way permitted",
    "weaker way refused",
    "level raised",
    "level lowered",
    "recovery codes made",
    "recovery code used",
    "recovery opened",
    "recovery approved",
    "recovery approved alone",
    "recovery cancelled",
    "confirming blocked",
    "confirming unblocked",
    "wallet frozen",
    "wallet unfrozen",
    "notices changed",
    "transfer reversed",
    "wallet closed",
    "one wallet frozen",
    "one wallet let go",
    "commission stop set",
    "commission stop ended",
    "commission hold set",
    "commission hold ended",
    "debt plan agreed",
    "debt plan written off",
    "instalment skipped",
    "own wallet closed",
    "account added",
    "account ended",
    "pay-out rule made",
    "pay-out rule ended",
    "standing transfer set",
    "standing transfer ended",
}
"""What the owner is told of by mail."""
OF_BROWSERS = {"new browser", "browser accepted", "browser ended", "browser copied"}
"""What is told with the browser it is about."""
LINK_LIFE = 30 * 24 * 3600
"""Seconds for which the link in a notice freezes the wallet."""


class FreezeLinkOver(Refused):
    says = N_("This link is not right, or is older than 30 days. Please use the freeze code of your TAN sheet, or call the office.")
    status = 410


def note(actor: Actor, verb: str, person: int, *, at: datetime, before: str = "", after: str = "") -> None:
    """Write a line about a person into the trail, and tell him if it is one of those he is told of."""
    record(actor, verb, f"person:{person}", at=at, before=before, after=after)
    if verb in TOLD:
        tell(person, verb, actor=actor, at=at, browser=called(after) if verb in OF_BROWSERS else "")


def tell(person: int, verb: str, *, actor: Actor, at: datetime, browser: str = "", address: str = "") -> None:
    """Post a notice to a person's mailbox, or to `address`, which was his until now; nothing to who has none."""
    name, number, language, zone, mail = one("SELECT name, number, language, zone, email FROM person WHERE id = ?", person)
    to = address or mail
    if to:
        # The address of a colleague in the office is nobody's business.
        own = actor.address if actor.person == person else ""
        link = freeze_link(person) if number else ""
        facts = {"name": name, "verb": verb, "at": micros(at), "zone": zone, "address": own, "browser": browser, "link": link}
        post("notice", key=f"notice:{verb}:{person}:{to}:{micros(at)}", address=to, language=language, facts=facts, at=at)


def freeze_link(person: int) -> str:
    """The end of an address that freezes a partner's wallet by a press, for mails to him."""
    return str(_signer().dumps(person))


def who_freezes(link: str) -> int:
    """Whose wallet the link of a notice freezes. Raises FreezeLinkOver."""
    try:
        return int(_signer().loads(link, max_age=LINK_LIFE))
    except BadSignature as wrong:
        raise FreezeLinkOver from wrong


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys().web, salt="freeze")
