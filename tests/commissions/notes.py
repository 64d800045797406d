"""A booked run whose notes are to be issued: what notes are tested with."""

from datetime import timedelta

from tests.cast import NOON
from tests.commissions.network import AFTER, green_order, plan_in_force, worked
from vps.commissions.actions import approve_run, draft_green, draft_period
from vps.commissions.actions.notes import issue_notes
from vps.commissions.actions.taxes import TaxDetails, set_tax_terms, set_taxes_of
from vps.commissions.models import Note
from vps.commissions.taxes import GROSS
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import one

MONTH = NOON.date().replace(day=1)
ADDRESS = "Hauptstraße 5\n80331 München"
VAT = TaxDetails("DE", "vat", "", "DE136695976", ADDRESS)
SMALL = TaxDetails("DE", "small", "18181508155", "", ADDRESS)


def booked_for(cast, *, mode=GROSS, quantity=2, at=AFTER):
    """Anna sold for 99.80, and Boris below her as much: 20 % for Anna, 20 % for Boris and 10 % of his for her. The run's id."""
    set_tax_terms("DE", mode, actor=HOUSE, at=NOON)
    plan_in_force()
    green_order(cast, cast.anna, quantity=quantity)
    green_order(cast, cast.boris, quantity=quantity)
    return booked_now(at)


def booked_now(at=AFTER):
    """A run over the month of NOON, booked."""
    key = draft_period(MONTH, (MONTH + timedelta(days=40)).replace(day=1), actor=HOUSE, at=at)
    worked(at)
    approve_run(key, actor=HOUSE, at=at)
    worked(at)
    return key


def taxed(person, details):
    return set_taxes_of(person.id, details, "letter", actor=HOUSE, at=NOON)


def noted(cast, **more):
    """The same with its notes issued."""
    key = booked_for(cast, **more)
    issue_notes(key, at=AFTER)
    return key


def note_of(person, *, correction=False):
    return next(
        note for note in Note.select().where(Note.payee == person.id).order_by(Note.id.desc()) if bool(note.corrects_id) == correction
    )


def something_noted(cast, person=None):
    """Notes for the run that credited Anna, or somebody else, or for a new one: the run's id, and the number of the note."""
    person = person or cast.anna
    set_tax_terms("DE", GROSS, actor=HOUSE, at=clock())
    (key,) = one(CREDITED, person.id)
    if key is None:
        plan_in_force()
        green_order(cast, person, final_at=clock() - timedelta(minutes=1))
        key = draft_green(actor=HOUSE, at=clock())
        worked(clock())
    issue_notes(key, at=clock())
    return key, note_of(person).number


CREDITED = (
    "SELECT max(s.run_id) FROM commission_share s JOIN commission_run r ON r.id = s.run_id AND r.booked_at IS NOT NULL WHERE s.payee = ?"
)
