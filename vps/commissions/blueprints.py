"""All pages of commissions, as the app puts them together."""

from vps.commissions import office_partners, office_plans, office_points, office_runs, office_trials, web

BLUEPRINTS = (
    web.blueprint,
    office_runs.blueprint,
    office_partners.marks,
    office_partners.blueprint,
    office_plans.blueprint,
    office_trials.blueprint,
    office_points.blueprint,
)
