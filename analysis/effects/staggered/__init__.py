"""Treatments that start at different times: panels, group-time effects, two-way regressions."""
