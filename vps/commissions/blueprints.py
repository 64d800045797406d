"""All pages of commissions, as the app puts them together."""

from vps.commissions import (
    notes_office,
    notes_web,
    office_manual,
    office_partners,
    office_plans,
    office_points,
    office_runs,
    office_trials,
    taxes_office,
    taxes_web,
    web,
    web_manual,
)

BLUEPRINTS = (
    web.blueprint,
    office_runs.blueprint,
    office_partners.marks,
    office_partners.blueprint,
    office_plans.blueprint,
    office_trials.blueprint,
    office_points.blueprint,
    office_manual.blueprint,
    web_manual.blueprint,
    notes_web.blueprint,
    notes_office.blueprint,
    taxes_web.blueprint,
    taxes_office.blueprint,
)
