"""The office's bank: statements in, and what is to be clarified."""

from vps.bank.office import ending  # adds its pages to those of the statements
from vps.bank.office.statements import MOST, blueprint
from vps.bank.office.unclear import blueprint as unclear

__all__ = ["MOST", "blueprint", "ending", "unclear"]
