"""All pages of commissions, as the app puts them together."""

from vps.commissions import office_runs

BLUEPRINTS = (office_runs.blueprint,)
