"""A region's own file: reading it into sheets."""

from analysis.sources.regions.opening import open_sheets
from analysis.sources.regions.sheets import Sheet, place_of

__all__ = ["Sheet", "open_sheets", "place_of"]
