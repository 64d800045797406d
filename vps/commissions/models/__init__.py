"""Commissions' rows and the questions they answer."""

from vps.commissions.models.rows import NETWORK, Carried, Line, Mark, Place, Plan, PlanForce, PointRate, Run, RunOrder, Share
from vps.commissions.models.trials import Trial, TrialShare

__all__ = [
    "NETWORK",
    "Carried",
    "Line",
    "Mark",
    "Place",
    "Plan",
    "PlanForce",
    "PointRate",
    "Run",
    "RunOrder",
    "Share",
    "Trial",
    "TrialShare",
]
