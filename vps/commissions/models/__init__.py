"""Commissions' rows and the questions they answer."""

from vps.commissions.models.lists import BonusSum, Payee, bonuses_of, payees_of, runs_before
from vps.commissions.models.rows import NETWORK, Carried, Line, Mark, Place, Plan, PlanForce, PointRate, Run, RunOrder, Share
from vps.commissions.models.trials import Trial, TrialShare

__all__ = [
    "NETWORK",
    "BonusSum",
    "Carried",
    "Line",
    "Mark",
    "Payee",
    "Place",
    "Plan",
    "PlanForce",
    "PointRate",
    "Run",
    "RunOrder",
    "Share",
    "Trial",
    "TrialShare",
    "bonuses_of",
    "payees_of",
    "runs_before",
]
