"""Difference GMM: dy_it = sum_j rho_j dy_i,t-j + dx_it'b + de_it, lagged levels as instruments.

Arellano and Bond 1991, Review of Economic Studies 58: 277-297; two-step errors of Windmeijer 2005,
Journal of Econometrics 126: 25-51. Errors and weights are clustered by entity by construction.
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
    fits="difference GMM of a dynamic panel, one or two steps",
    needs="entity, time, three periods or more; options lags, predetermined, endogenous_terms",
    reports="coefficients, AR(1), AR(2), Sargan, Hansen and difference-in-Hansen, instrument count",
)


def fit(sample: Sample, equation: Equation) -> Fit:
    """Fit it.

    Options: ``lags`` of the outcome (1); ``predetermined`` and ``endogenous_terms``, names of
    treatments and controls instrumented by their lags from 1 and from 2 on, others being strictly
    exogenous; ``max_lag``, the last lag that is an instrument; ``collapse`` (false); ``two_step``
    (true); ``transformation``, difference or orthogonal; ``time_dummies`` (false). Further
    exogenous instruments stand in ``instruments``. ``robust`` errors are Windmeijer's of two
    steps; ``classical`` are those of the weights alone.

    Raises
    ------
    UserError
        As ``dynamic_panel.estimation.fit_dynamic``.
    """
    return fit_dynamic(sample, equation, system=False)
