"""Exhibits made from simulated data: said in the title and across the plot, never of a place."""
