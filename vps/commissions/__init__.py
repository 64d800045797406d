"""Commissions: from green to blue, by the plan, explained to the cent."""
