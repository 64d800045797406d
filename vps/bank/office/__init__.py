"""The office's bank: statements in, what is to be clarified, and the company's accounts."""

from vps.bank.office import columns, ending  # they add their pages to those of accounts and statements
from vps.bank.office.accounts import blueprint as accounts
from vps.bank.office.statements import MOST, blueprint
from vps.bank.office.unclear import blueprint as unclear

__all__ = ["MOST", "accounts", "blueprint", "columns", "ending", "unclear"]
