"""Commissions: what a company owes its partners for each order, by a plan that is data."""
