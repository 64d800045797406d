"""All pages of commissions, as the app puts them together."""

from vps.commissions import notes_office, notes_web, office_runs, taxes_office, taxes_web

BLUEPRINTS = (
    office_runs.blueprint,
    notes_web.blueprint,
    notes_office.blueprint,
    taxes_web.blueprint,
    taxes_office.blueprint,
)
