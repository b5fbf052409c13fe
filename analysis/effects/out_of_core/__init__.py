"""Equations on Parquet that need not fit into memory: the rows of the contract from one pass."""

from analysis.effects.out_of_core.explained import explained
from analysis.effects.out_of_core.rows import marks, rows_out_of_core

__all__ = ["explained", "marks", "rows_out_of_core"]
