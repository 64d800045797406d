"""All pages of commissions, as the app puts them together."""

from vps.commissions import office_partners, office_runs, web

BLUEPRINTS = (web.blueprint, office_runs.blueprint, office_partners.marks, office_partners.blueprint)
