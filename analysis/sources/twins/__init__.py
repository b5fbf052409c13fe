"""Twins: simulated survey-style data whose truth is known. No row is about any person or place.

Each twin is described by a file of ``worlds/`` (structure, moments with their source or the word
assumption, true effects, selection into unions, missingness, seed) and drawn by the module of the
same name in ``generators/``.
"""

from analysis.sources.twins.generators.selection_panel import draw_cell
from analysis.sources.twins.twin import Twin, simulate, twin_names
from analysis.sources.twins.world import World, read_world
from analysis.sources.twins.writing import write_raw

__all__ = ["Twin", "World", "draw_cell", "read_world", "simulate", "twin_names", "write_raw"]
