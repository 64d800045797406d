"""The company's data: its settings, and what one currency is worth in another."""

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
    "STANDARD_GRADE",
    "Company",
    "NotAMatrix",
    "OtherKeys",
    "Rule",
    "Setting",
    "audit",
    "company",
    "keys_fit",
    "matrix",
]
