"""Changing what the company says about itself."""

import re
from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from vps.company.models.settings import LANGUAGES, Company, OtherKeys, company, keys_fit, matrix
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.cells import currency, day
from vps.kernel.clock import micros
from vps.kernel.database import action, changed_within_action, one, run
from vps.kernel.keys import keys
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_email, clean_text
from vps.ledger.actions import history, record, set_up

KINDS = {field.name: field.type for field in fields(Company)}


class NoSuchZone(Refused):
    """Facts: zone."""

    says = N_("“%(zone)s” is not a time zone. Write it like Europe/Berlin.")
    field = "zone"


class NoSuchLanguage(Refused):
    """Facts: language."""

    says = N_("“%(language)s” is not one of the languages.")
    field = "language"


class CurrencyInUse(Refused):
    """What wallets are kept in stays."""

    says = N_("The currency cannot be changed any more: there are wallets in %(currency)s.")


class CurrencyKept(Refused):
    """Facts: currency."""

    says = N_("There are wallets in %(currency)s, so this currency stays.")
    field = "currencies"


class ZoneIsSealed(Refused):
    """The months of sealed totals are this zone's."""

    says = N_("The time zone of the books cannot be changed any more: months have been sealed in it.")
    field = "zone"


class NotAWholeNumber(Refused):
    """Facts: found."""

    says = N_("“%(found)s” is not a whole number greater than zero.")


class TooMuch(Refused):
    """Facts: found, most."""

    says = N_("%(found)s is too much here. The most is %(most)s.")


class NotCountries(Refused):
    says = N_("Please write countries in two capital letters each, with a space between them: AT DE HR")
    field = "payout_countries"


class NeitherNetNorGross(Refused):
    says = N_("Please write gross or net.")
    field = "commission_vat"


class NoSuchMoment(Refused):
    says = N_("Please write hand, green, week or month.")
    field = "commission_when"


MAY_BE_NOTHING = ("payout_fee", "trust_start", "split_payments", "provision_alone_to", "tree_depth", "plans_alone")
MOST = {
    "security_level": 4,
    "recovery_staff": 2,
    "identity_staff": 2,
    "split_payments": 1,
    "trust_staff": 2,
    "commission_staff": 2,
    "plans_alone": 1,
    "tree_depth": 100,
}
"""Settings that are a choice of few, or that nobody needs to be greater."""


@action
def change_settings(changes: dict[str, str | int], *, actor: Actor, at: datetime) -> None:
    """Put new values into force; each one is a line of the trail with what it was before.

    A value that cannot be read back would stop the house, and a setting is never deleted; so a Refused says what is wrong with it.
    """
    before = company()
    for key, typed in changes.items():
        value = _checked(key, typed)
        if getattr(before, key) != value:
            run('INSERT INTO setting (key, value, since, "by") VALUES (?, ?, ?, ?)', key, str(value), micros(at), actor.person)
            changed_within_action()
            if key in ("currency", "currencies"):
                for code in str(value).split():
                    set_up(currency=code, at=at)
            record(actor, "setting changed", f"setting:{key}", at=at, before=str(getattr(before, key)), after=str(value))


@action
def remember_keys(*, at: datetime) -> None:
    """Write down by what these books will know their keys again; at the first time, and once more for books that know them by a key
    that may be dropped. Raises OtherKeys.
    """
    if not keys_fit():
        raise OtherKeys
    if not one("SELECT 1 FROM setting WHERE key = 'keys' AND value = ?", keys().fingerprint):
        run(REMEMBER, "keys", keys().fingerprint, micros(at))


@action
def keys_changed(*, before: str, at: datetime) -> None:
    """Write into the trail that the key file is another than before, by the letters of its check."""
    record(HOUSE, "setting changed", "setting:keys", at=at, before=f"check {before}", after=f"check {keys().check}")


@action
def remember(key: str, value: str, *, at: datetime) -> None:
    """Keep what the house itself did once; the trail has it, too, which is sealed."""
    assert key not in KINDS
    run(REMEMBER, key, value, micros(at))
    record(HOUSE, "setting changed", f"setting:{key}", at=at, after=value)


def remembered(key: str) -> bool:
    """Whether `remember` was ever called for this key. The trail is asked as well: there nobody deletes unseen."""
    return one("SELECT 1 FROM setting WHERE key = ?", key) is not None or bool(history(f"setting:{key}", most=1))


def must_be_zone(zone: str) -> None:
    """Raise NoSuchZone unless this is the IANA name of a time zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise NoSuchZone(zone=zone[:40]) from unknown


def must_be_language(language: str) -> None:
    """Raise NoSuchLanguage unless pages can be read in it."""
    if language not in LANGUAGES:
        raise NoSuchLanguage(language=language[:20])


def _checked(key: str, typed: str | int) -> str | int:
    assert key in KINDS, key
    if KINDS[key] is int:
        if not str(typed).isdecimal() or int(typed) < (0 if key in MAY_BE_NOTHING else 1):
            raise NotAWholeNumber(found=str(typed)[:20])
        if int(typed) > MOST.get(key, int(typed)):
            raise TooMuch(found=str(typed)[:20], most=MOST[key])
        return int(typed)
    if key == "payout_countries" and not re.fullmatch("([A-Z]{2} )*[A-Z]{2}", str(typed)):
        raise NotCountries
    if key == "country" and not re.fullmatch("([A-Z]{2})?", str(typed)):
        raise NotCountries
    if key == "commission_vat" and typed not in ("gross", "net"):
        raise NeitherNetNorGross
    if key == "commission_when" and typed not in ("hand", "green", "week", "month"):
        raise NoSuchMoment
    if key == "security_matrix":
        matrix(str(typed))
    if key == "reconciliation_to":
        return ", ".join(clean_email(address).lower() for address in re.split(r"[,;\s]+", str(typed)) if address)
    if key == "language":
        must_be_language(str(typed))
    if key == "currency" and typed != company().currency:
        currency(str(typed))
        if one("SELECT 1 FROM account WHERE kind = 'wallet' LIMIT 1"):
            raise CurrencyInUse(currency=company().currency)
    if key == "trust_from" and typed:
        day(str(typed))
    if key == "currencies":
        return _currencies(str(typed))
    if key == "zone":
        must_be_zone(str(typed))
        if str(typed) != company().zone and one("SELECT 1 FROM seal LIMIT 1"):
            raise ZoneIsSealed
    return clean_text(str(typed), most=1000, lines=True)


def _currencies(typed: str) -> str:
    codes = dict.fromkeys(currency(code) for code in typed.split())
    for code in company().kept_in[1:]:
        if code not in codes and one("SELECT 1 FROM account WHERE kind = 'wallet' AND currency = ? LIMIT 1", code):
            raise CurrencyKept(currency=code)
    return " ".join(codes)


REMEMBER = "INSERT INTO setting (key, value, since) VALUES (?, ?, ?)"
