"""What changes the company's data: new settings, new rates of exchange."""

from vps.company.actions.settings import (
    KINDS,
    CurrencyInUse,
    NoSuchLanguage,
    NoSuchZone,
    NotAWholeNumber,
    NotCountries,
    TooMuch,
    ZoneIsSealed,
    change_settings,
    keys_changed,
    must_be_language,
    must_be_zone,
    remember,
    remember_keys,
    remembered,
)

__all__ = [
    "KINDS",
    "CurrencyInUse",
    "NoSuchLanguage",
    "NoSuchZone",
    "NotAWholeNumber",
    "NotCountries",
    "TooMuch",
    "ZoneIsSealed",
    "change_settings",
    "keys_changed",
    "must_be_language",
    "must_be_zone",
    "remember",
    "remember_keys",
    "remembered",
]
