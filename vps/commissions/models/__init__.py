"""Commissions' rows and the questions they answer."""

from vps.commissions.models.lists import BonusSum, Payee, bonuses_of, payees_of, runs_before
from vps.commissions.models.manual import Provision, ProvisionBack
from vps.commissions.models.manual_lists import provisions_of
from vps.commissions.models.rows import NETWORK, Carried, Line, Mark, Place, Plan, PlanForce, PointRate, Run, RunOrder, Share

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
    "Provision",
    "ProvisionBack",
    "Run",
    "RunOrder",
    "Share",
    "bonuses_of",
    "payees_of",
    "provisions_of",
    "runs_before",
]
