"""Anderson's sharpened q values: the two-stage false discovery rate on a grid (2008).

The formulas stand in multiplicity/adjusted.py; the rows in multiplicity/tested.py.
"""

from analysis.effects.findings import Asked, Finding
from analysis.effects.multiplicity.tested import about_adjusted, adjusted_findings

ABOUT = about_adjusted("sharpened two-stage q values of a family (Anderson 2008)")


def find(asked: Asked) -> list[Finding]:
    """Return one row an outcome and term: p value adjusted within option ``family`` (all).

    Raises
    ------
    UserError
        If an option is unknown or a family has one test only.
    """
    return adjusted_findings(asked, "sharpened_q")
