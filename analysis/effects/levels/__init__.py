"""Nested levels with random effects: their design, restricted likelihood, and what is reported."""
