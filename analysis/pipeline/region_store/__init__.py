"""Where a user's regions are kept: one folder a region, in it or not, never half.

Light to import: the list of tasks reads it.
"""

from analysis.pipeline.region_store.lock import alone
from analysis.pipeline.region_store.naming import checked_name, free_name, proposed_name
from analysis.pipeline.region_store.region import PRIVATE, STAGED, Region, staged_regions
from analysis.pipeline.region_store.staging import clear_leftovers, stage, withdraw

__all__ = [
    "PRIVATE",
    "STAGED",
    "Region",
    "alone",
    "checked_name",
    "clear_leftovers",
    "free_name",
    "proposed_name",
    "stage",
    "staged_regions",
    "withdraw",
]
