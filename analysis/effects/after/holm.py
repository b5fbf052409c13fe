"""Holm's step-down p values: the family-wise error rate held (Holm 1979).

The formulas stand in multiplicity/adjusted.py; the rows in multiplicity/tested.py.
"""

from analysis.effects.findings import Asked, Finding
from analysis.effects.multiplicity.tested import about_adjusted, adjusted_findings

ABOUT = about_adjusted("step-down adjusted p values of a family (Holm 1979)")


def find(asked: Asked) -> list[Finding]:
    """Return one row an outcome and term: p value adjusted within option ``family`` (all).

    Raises
    ------
    UserError
        If an option is unknown or a family has one test only.
    """
    return adjusted_findings(asked, "holm")
