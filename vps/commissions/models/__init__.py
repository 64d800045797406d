"""Commissions' rows and the questions they answer."""

from vps.commissions.models.earned import Calculated, Got, Seen, calculated_with, got_of, line_of, lines_of, runs_of
from vps.commissions.models.lists import BonusSum, Payee, bonuses_of, payees_of, runs_before
from vps.commissions.models.locked import HELD, WITHDRAWAL, Coming, Locked, Week, locked_of, weeks
from vps.commissions.models.looks import Look
from vps.commissions.models.manual import Provision, ProvisionBack
from vps.commissions.models.manual_lists import provisions_of
from vps.commissions.models.marks import HOLD, KINDS, STOP, InForce, Marked, is_marked, marks_in_force, marks_of
from vps.commissions.models.names import below, names_of
from vps.commissions.models.notes import Back, ListedNote, Note, NoteCounter
from vps.commissions.models.rows import NETWORK, Carried, Line, Mark, Place, Plan, PlanForce, PointRate, Run, RunOrder, Share
from vps.commissions.models.taxes import TaxProfile, TaxRule
from vps.commissions.models.trials import Trial, TrialShare

__all__ = [
    "HELD",
    "HOLD",
    "KINDS",
    "NETWORK",
    "STOP",
    "WITHDRAWAL",
    "Back",
    "BonusSum",
    "Calculated",
    "Carried",
    "Coming",
    "Got",
    "InForce",
    "Line",
    "ListedNote",
    "Locked",
    "Look",
    "Mark",
    "Marked",
    "Note",
    "NoteCounter",
    "Payee",
    "Place",
    "Plan",
    "PlanForce",
    "PointRate",
    "Provision",
    "ProvisionBack",
    "Run",
    "RunOrder",
    "Seen",
    "Share",
    "TaxProfile",
    "TaxRule",
    "Trial",
    "TrialShare",
    "Week",
    "below",
    "bonuses_of",
    "calculated_with",
    "got_of",
    "is_marked",
    "line_of",
    "lines_of",
    "locked_of",
    "marks_in_force",
    "marks_of",
    "names_of",
    "payees_of",
    "provisions_of",
    "runs_before",
    "runs_of",
    "weeks",
]
