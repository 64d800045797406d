"""The engine that calculates commissions: plans, networks and orders in, lines out. It knows no database, no clock and no language."""
