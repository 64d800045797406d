"""Commissions' rows and the questions they answer."""

from vps.commissions.models.lists import BonusSum, Payee, bonuses_of, payees_of, runs_before
from vps.commissions.models.notes import Back, ListedNote, Note, NoteCounter
from vps.commissions.models.rows import NETWORK, Carried, Line, Mark, Place, Plan, PlanForce, PointRate, Run, RunOrder, Share
from vps.commissions.models.taxes import TaxProfile, TaxRule

__all__ = [
    "NETWORK",
    "Back",
    "BonusSum",
    "Carried",
    "Line",
    "ListedNote",
    "Mark",
    "Note",
    "NoteCounter",
    "Payee",
    "Place",
    "Plan",
    "PlanForce",
    "PointRate",
    "Run",
    "RunOrder",
    "Share",
    "TaxProfile",
    "TaxRule",
    "bonuses_of",
    "payees_of",
    "runs_before",
]
