"""What regional figures give: rates, shares of the nation, ranks, breaks."""

from analysis.disputes.regional.jumps import RECOUNT, regional_breaks
from analysis.disputes.regional.measures import (
    LEVELS,
    MEASURES,
    measures_table,
)
from analysis.disputes.regional.places import APART, named, names_of, plain
from analysis.disputes.regional.rows import (
    NATION,
    converted,
    in_base_units,
    joined,
    level_of,
    national_rows,
    shipped_rows,
    with_shipped,
)
from analysis.disputes.regional.vintages import differences, with_use

__all__ = [
    "APART",
    "LEVELS",
    "MEASURES",
    "NATION",
    "RECOUNT",
    "converted",
    "differences",
    "in_base_units",
    "joined",
    "level_of",
    "measures_table",
    "named",
    "names_of",
    "national_rows",
    "plain",
    "regional_breaks",
    "shipped_rows",
    "with_shipped",
    "with_use",
]
