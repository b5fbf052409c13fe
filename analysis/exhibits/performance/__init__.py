"""Exhibits of ``make bench``: drawn and printed from reports/results/performance.csv by it."""
