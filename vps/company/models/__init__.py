"""The company's data: its settings, and what one currency is worth in another."""

from vps.company.models.rates import SOURCES, NoRate, Rate, crossed, estimate, exchanged, rate_on
from vps.company.models.settings import (
    LANGUAGES,
    MOTIVES,
    SEPA,
    STANDARD_GRADE,
    Company,
    NotAMatrix,
    OtherKeys,
    Rule,
    Setting,
    audit,
    company,
    keys_fit,
    matrix,
)

__all__ = [
    "LANGUAGES",
    "MOTIVES",
    "SEPA",
    "SOURCES",
    "STANDARD_GRADE",
    "Company",
    "NoRate",
    "NotAMatrix",
    "OtherKeys",
    "Rate",
    "Rule",
    "Setting",
    "audit",
    "company",
    "crossed",
    "estimate",
    "exchanged",
    "keys_fit",
    "matrix",
    "rate_on",
]
