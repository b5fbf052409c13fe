"""Figures and tables: each is one file that reads its own plotted rows and nothing else."""
