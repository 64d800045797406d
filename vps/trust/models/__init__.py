"""Whom the company knows how well, and what it lets him do."""
