"""All pages of commissions, as the app puts them together."""

from vps.commissions import office_manual, office_runs, web_manual

BLUEPRINTS = (office_runs.blueprint, office_manual.blueprint, web_manual.blueprint)
