"""System GMM: transformed equations with lagged levels, equations in levels with differences.

Blundell and Bond 1998, Journal of Econometrics 87: 115-143; Arellano and Bover 1995, Journal of
Econometrics 68: 29-51. It adds to difference GMM that entities' effects are uncorrelated with
changes: true where the outcome starts near its long-run mean.
"""

from analysis.effects.about import About
from analysis.effects.dynamic_panel import estimation
from analysis.effects.dynamic_panel.estimation import fit_dynamic
from analysis.effects.fit import Fit
from analysis.effects.sample import Sample
from analysis.effects.study import Equation

USES = estimation.USES
MAY_MISS = estimation.MAY_MISS
VCOVS = estimation.VCOVS
ABOUT = About(
    fits="system GMM of a dynamic panel, one or two steps",
    needs="entity, time, three periods or more; the options of arellano_bond",
    reports="what arellano_bond reports, a constant, the test of the levels equations' instruments",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it; options as in ``arellano_bond``.

    An exogenous term is one instrument, transformed in the transformed equation and as it is in
    levels; dummies of ``time_dummies`` and the constant are instruments of the levels alone.

    Raises
    ------
    UserError
        As ``dynamic_panel.estimation.fit_dynamic``.
    """
    return fit_dynamic(sample, equation, system=True)
