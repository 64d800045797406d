"""All pages of commissions, as the app puts them together."""

from vps.commissions import office_plans, office_points, office_runs, office_trials

BLUEPRINTS = (office_runs.blueprint, office_plans.blueprint, office_trials.blueprint, office_points.blueprint)
